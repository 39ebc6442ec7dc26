"use client";
/** The studies of the paper that can be started: what each asks, how long it would take, and on what. */
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useMutation, useQuery } from "urql";
import { parseSeeds } from "../new-run/form-values.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import facts from "../ui/facts.module.css";
import { Field } from "../ui/field.tsx";
import { formatDuration, formatWhole } from "../ui/format.ts";
import { Loaded, Skeleton } from "../ui/states.tsx";
import ui from "../ui/ui.module.css";
import { type Definition, StartDefinedStudy, StudyCatalogQuery, StudyEstimateQuery } from "./figure-query.ts";
import css from "./figures.module.css";

export default function StudyCatalog() {
	const [result, ask] = useQuery({ query: StudyCatalogQuery });
	const [chosen, choose] = useState<Definition | null>(null);
	return (
		<section className={css.catalog} aria-labelledby="catalog">
			<h2 id="catalog">Studies of the paper, and beyond it</h2>
			<Loaded
				result={result}
				retry={() => ask({ requestPolicy: "network-only" })}
				skeleton={<Skeleton shape="row" lines={8} />}
			>
				{({ studyDefinitions }) => (
					<ul className={css.definitions}>
						{studyDefinitions.map((definition) => (
							<li key={definition.name}>
								<span className={css.source}>{definition.source}</span>
								<div>
									<strong>{definition.title}</strong>
									<p>{definition.question}</p>
									{definition.finding && <p className={facts.quiet}>{definition.finding}</p>}
								</div>
								<Button icon="play" aria-label={`Start ${definition.title}`} onClick={() => choose(definition)}>
									Start
								</Button>
							</li>
						))}
					</ul>
				)}
			</Loaded>
			{chosen && <StartDialog definition={chosen} close={() => choose(null)} />}
		</section>
	);
}

const datasets = {
	EMOJI_PASCAL: "emoji-PASCAL, made on the spot",
	FLICKR_PASCAL: "Flickr-PASCAL, imported before",
	COCO: "COCO, imported before",
} as const;

interface StartProps {
	readonly definition: Definition;
	readonly close: () => void;
}

function StartDialog({ definition, close }: StartProps) {
	const router = useRouter();
	const [dataset, setDataset] = useState<keyof typeof datasets>("EMOJI_PASCAL");
	const [folder, setFolder] = useState("");
	const [scale, setScale] = useState<"SAMPLED" | "WHOLE">("SAMPLED");
	const [text, setText] = useState("1, 2, 3");
	const seeds = parseSeeds(text);
	const setting = { dataset, scale, seeds: [...(seeds ?? [])], folder: dataset === "EMOJI_PASCAL" ? null : folder };
	const isReady = seeds !== null && (dataset === "EMOJI_PASCAL" || folder !== "");
	const [estimate] = useQuery({
		query: StudyEstimateQuery,
		variables: { name: definition.name, setting },
		pause: !isReady,
	});
	const [{ fetching }, start] = useMutation(StartDefinedStudy);
	const [fault, setFault] = useState<string>();
	// One key per setting: a second press starts nothing twice.
	const keys = useRef(new Map<string, string>());
	const submit = async () => {
		const content = JSON.stringify(setting);
		if (!keys.current.has(content)) keys.current.set(content, crypto.randomUUID());
		const { data, error } = await start({
			input: { idempotencyKey: keys.current.get(content)!, definition: definition.name, setting },
		});
		setFault(error?.message ?? data?.startDefinedStudy.errors[0]?.message);
		const study = data?.startDefinedStudy.study;
		if (study) router.push(`/study?s=${encodeURIComponent(study.slug)}`);
	};
	const found = estimate.data?.studyDefinition?.estimate;
	return (
		<Dialog title={definition.title} close={close}>
			<form
				className={css.setting}
				onSubmit={(event) => {
					event.preventDefault();
					void submit();
				}}
			>
				<p>{definition.question}</p>
				<Field label="Data set">
					{(control) => (
						<select {...control} value={dataset} onChange={({ target }) => setDataset(target.value as typeof dataset)}>
							{Object.entries(datasets).map(([key, title]) => (
								<option key={key} value={key}>
									{title}
								</option>
							))}
						</select>
					)}
				</Field>
				{dataset !== "EMOJI_PASCAL" && (
					<Field label="Folder" hint="On the server, where the data set was imported to.">
						{(control) => <input {...control} value={folder} onChange={({ target }) => setFolder(target.value)} />}
					</Field>
				)}
				<Field label="How much of it">
					{(control) => (
						<select {...control} value={scale} onChange={({ target }) => setScale(target.value as typeof scale)}>
							<option value="SAMPLED">a few points of each axis, for a CPU</option>
							<option value="WHOLE">all that the paper has</option>
						</select>
					)}
				</Field>
				<Field
					label="Seeds"
					hint="Two or more give verdicts; three or more a useful interval."
					fault={seeds ? undefined : "Give whole numbers from 0, each once, as in 1, 2, 3."}
				>
					{(control) => <input {...control} value={text} onChange={({ target }) => setText(target.value)} />}
				</Field>
				<p aria-live="polite">
					{estimate.error ? (
						<span className={ui.fault}>{estimate.error.graphQLErrors[0]?.message ?? estimate.error.message}</span>
					) : found ? (
						<>
							<strong>{formatDuration(found.seconds)}</strong> on one worker: {formatWhole(found.runCount)} runs in{" "}
							{formatWhole(found.cellCount)} cells. <span className={ui.hint}>{found.basis}</span>
						</>
					) : (
						"\u00a0"
					)}
				</p>
				{fault && (
					<p role="alert" className={ui.fault}>
						{fault}
					</p>
				)}
				<Button type="submit" look="primary" icon="play" disabled={!isReady || fetching || found?.cellCount === 0}>
					Start the study
				</Button>
			</form>
		</Dialog>
	);
}
