"use client";
/** A new run: a form drawn from the catalog, with what it will cost and poison beside it. */
import { useRouter } from "next/navigation";
import { type FormEvent, useMemo, useRef, useState } from "react";
import { useMutation, useQuery } from "urql";
import { faultAt, type UserFault } from "../graphql/mutation-errors.ts";
import { toast } from "../shell/toasts.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import { BeforeStart } from "./before-start.tsx";
import { DatasetField, useClasses } from "./dataset-field.tsx";
import {
	datasetSection,
	experimentInput,
	faultOf,
	inForce,
	isFlag,
	keyOf,
	parseSeeds,
	textOf,
	valuesOfConfig,
} from "./form-values.ts";
import css from "./new-run.module.css";
import { ParameterField } from "./parameter-field.tsx";
import {
	type Catalog,
	CatalogQuery,
	type Entry,
	type KnownDataset,
	OriginQuery,
	type Parameter,
	StartRunMutation,
} from "./queries.ts";
import { type Form, readForm, useForm } from "./use-form.ts";

export function NewRunPage() {
	const [from] = useParameter("from");
	const isFrom = /^\d+$/.test(from);
	const [result, ask] = useQuery({ query: CatalogQuery });
	const [origin] = useQuery({ query: OriginQuery, variables: { number: Number(from) }, pause: !isFrom });
	return (
		<div className={css.page}>
			<h1>New run</h1>
			<Loaded
				result={result}
				retry={() => ask({ requestPolicy: "network-only" })}
				skeleton={<Skeleton shape="row" lines={10} />}
			>
				{({ catalog, datasets }) =>
					isFrom && origin.fetching ? (
						<Skeleton shape="row" lines={10} />
					) : (
						<RunForm
							catalog={catalog}
							datasets={datasets.nodes}
							origin={isFrom ? (origin.data?.run?.configText ?? null) : null}
						/>
					)
				}
			</Loaded>
		</div>
	);
}

interface RunFormProps {
	readonly catalog: Catalog;
	/** Sets that are known here, the latest first. */
	readonly datasets: readonly KnownDataset[];
	/** Configuration of the run that this one is made from. */
	readonly origin: string | null;
}

/** A part of the configuration; `name` is how its fields and the server's faults begin. */
interface Section {
	readonly title: string;
	readonly name: string;
	readonly parameters: readonly Parameter[];
}

/** The server measures only after training; here Hit@10 and utility shall be curves while the run goes on. */
const preset = { "evaluation.probes": "4" };

function startForm(catalog: Catalog, origin: string | null): Form {
	const first = {
		dataset: "",
		attack: catalog.attacks.find(({ isDefault }) => isDefault)?.name ?? catalog.attacks[0]?.name ?? "",
		defenses: catalog.defenses.filter(({ isDefault }) => isDefault).map(({ name }) => name),
	};
	const form = readForm(window.location.search, first);
	if (origin === null) return { ...form, values: { ...preset, ...form.values } };
	const { choice, values } = valuesOfConfig(catalog, origin);
	return { ...form, ...choice, values };
}

function RunForm({ catalog, datasets, origin }: RunFormProps) {
	const router = useRouter();
	const { form, change, leave } = useForm(() => startForm(catalog, origin));
	const classes = useClasses(datasets, form.dataset);
	const [{ fetching }, start] = useMutation(StartRunMutation);
	const [faults, setFaults] = useState<readonly UserFault[]>([]);
	/** One key per content of the form: pressing twice starts nothing twice, a changed form is another run. */
	const keys = useRef(new Map<string, string>());
	const attack = catalog.attacks.find(({ name }) => name === form.attack);
	const seeds = parseSeeds(form.seeds);
	const data = datasetSection(catalog, form.dataset);
	/** What can be opened below attack and defenses. */
	const settings: readonly Section[] = [
		...catalog.defenses.filter(({ name }) => form.defenses.includes(name)),
		{ title: "Data set", ...data },
		{ title: "Checkpoints", name: "checkpoints", parameters: catalog.checkpoints },
		{ title: "Training", name: "training", parameters: catalog.training },
		{ title: "Measurements", name: "evaluation", parameters: catalog.evaluation },
	];
	const sections = [{ name: form.attack, parameters: attack?.parameters ?? [] }, ...settings];
	const isRight =
		seeds !== null &&
		sections.every(({ name, parameters }) =>
			inForce(parameters, form.values, name).every((one) => faultOf(one, textOf(form.values, name, one)) === undefined),
		);
	const config = useMemo(
		() => (isRight && seeds ? experimentInput(catalog, form.values, { ...form, seed: seeds[0]! }) : null),
		[catalog, form, isRight, seeds],
	);
	const fields = (section: string, parameters: readonly Parameter[]) =>
		inForce(parameters, form.values, section)
			.filter((parameter) => !isFlag(parameter))
			.map((parameter) => {
				const key = keyOf(section, parameter.path);
				return (
					<ParameterField
						key={key}
						parameter={parameter}
						text={textOf(form.values, section, parameter)}
						change={(text) => change({ values: { ...form.values, [key]: text } })}
						classes={classes}
						fault={faultAt(faults, [section, ...parameter.path])}
					/>
				);
			});
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!seeds) return;
		const numbers: number[] = [];
		for (const seed of seeds) {
			const input = experimentInput(catalog, form.values, { ...form, seed });
			const content = JSON.stringify([input, form.name]);
			if (!keys.current.has(content)) keys.current.set(content, crypto.randomUUID());
			const { data, error } = await start({
				input: { idempotencyKey: keys.current.get(content)!, config: input, ...(form.name && { name: form.name }) },
			});
			const said = error ? [{ message: error.message, path: null }] : (data?.startRun.errors ?? []);
			setFaults(said);
			if (said.length > 0) return;
			if (data?.startRun.run) numbers.push(data.startRun.run.number);
		}
		toast(numbers.length === 1 ? `Run ${numbers[0]} is queued` : `Runs ${numbers.join(", ")} are queued`);
		leave();
		router.push(numbers.length === 1 ? `/run?n=${numbers[0]}` : "/runs");
	};
	return (
		<form className={css.form} onSubmit={submit} noValidate>
			<div className={css.main}>
				<DatasetField datasets={datasets} chosen={form.dataset} choose={(dataset) => change({ dataset })} />
				<Choices
					legend="Attack"
					type="radio"
					entries={catalog.attacks}
					chosen={[form.attack]}
					toggle={(name) => change({ attack: name })}
				/>
				<section className={css.fields} aria-label="Attack's parameters">
					{fields(form.attack, attack?.parameters ?? [])}
				</section>
				<Choices
					legend="Defenses"
					type="checkbox"
					entries={catalog.defenses}
					chosen={form.defenses}
					toggle={(name) =>
						change({
							defenses: form.defenses.includes(name)
								? form.defenses.filter((one) => one !== name)
								: [...form.defenses, name],
						})
					}
				/>
				{settings.map(({ title, name, parameters }) => (
					<details key={name} className={css.more}>
						<summary>{title}: settings</summary>
						<div className={css.fields}>{fields(name, parameters)}</div>
					</details>
				))}
			</div>
			<aside className={css.side}>
				<Field
					label="Seeds"
					hint="One run per seed; three or more give an interval."
					fault={seeds ? undefined : "Give whole numbers from 0, each once, as in 1, 2, 3."}
				>
					{(control) => (
						<input {...control} value={form.seeds} onChange={(event) => change({ seeds: event.target.value })} />
					)}
				</Field>
				<Field label="Name" hint="Without one, the run is named after its attack.">
					{(control) => (
						<input {...control} value={form.name} onChange={(event) => change({ name: event.target.value })} />
					)}
				</Field>
				{faults.length > 0 && (
					<ul role="alert" className={css.faults}>
						{faults.map(({ message, path }) => (
							<li key={message}>
								{path && <strong>{path.slice(-1)[0]}: </strong>}
								{message}
							</li>
						))}
					</ul>
				)}
				<Button type="submit" look="primary" icon="play" disabled={!isRight || fetching}>
					{seeds && seeds.length > 1 ? `Start ${seeds.length} runs` : "Start the run"}
				</Button>
				<BeforeStart config={config} runs={seeds?.length ?? 1} />
			</aside>
		</form>
	);
}

interface ChoicesProps {
	readonly legend: string;
	readonly type: "radio" | "checkbox";
	readonly entries: readonly Entry[];
	readonly chosen: readonly string[];
	readonly toggle: (name: string) => void;
}

function Choices({ legend, type, entries, chosen, toggle }: ChoicesProps) {
	return (
		<fieldset className={css.entries}>
			<legend>{legend}</legend>
			{entries.map(({ name, title, description, source }) => (
				<label key={name} title={source} data-chosen={chosen.includes(name)}>
					<input type={type} name={legend} checked={chosen.includes(name)} onChange={() => toggle(name)} />
					<span>
						<strong>{title}</strong>
						<span className={css.hint}>{description}</span>
					</span>
				</label>
			))}
		</fieldset>
	);
}
