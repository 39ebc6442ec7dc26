"use client";
/** Asks for an import: a layout, a path, and settings drawn from the catalog. */
import { type FormEvent, useRef, useState } from "react";
import { useMutation, useQuery } from "urql";
import { faultAt, type UserFault } from "../graphql/mutation-errors.ts";
import { faultOf, inForce, keyOf, sectionInput, textOf, type Values } from "../new-run/form-values.ts";
import { ParameterField } from "../new-run/parameter-field.tsx";
import type { Parameter } from "../new-run/queries.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Loaded, Skeleton } from "../ui/states.tsx";
import css from "./imports.module.css";
import { type ImportCatalog, ImportersQuery, type ImportInput, ImportMutation } from "./imports-query.ts";

/** No importer has a setting that is a class of a set that is there already. */
const noClasses = { names: [], isChosen: false, isLoading: false, pairs: new Map() };

export function ImportForm({ onAsked }: { readonly onAsked: () => void }) {
	const [result, ask] = useQuery({ query: ImportersQuery });
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="row" lines={3} />}
		>
			{({ catalog }) => <CatalogForm catalog={catalog} onAsked={onAsked} />}
		</Loaded>
	);
}

function CatalogForm({ catalog, onAsked }: { readonly catalog: ImportCatalog; readonly onAsked: () => void }) {
	const [name, setName] = useState(catalog.importers[0]?.name ?? "");
	const [path, setPath] = useState("");
	const [values, setValues] = useState<Values>({});
	const [faults, setFaults] = useState<readonly UserFault[]>([]);
	const [{ fetching }, start] = useMutation(ImportMutation);
	/** One key per content of the form: pressing twice asks for nothing twice. */
	const keys = useRef(new Map<string, string>());
	const entry = catalog.importers.find((one) => one.name === name);
	const sections: readonly (readonly [string, readonly Parameter[]])[] = [
		[name, entry?.parameters ?? []],
		["images", catalog.images],
	];
	const isRight =
		path.trim() !== "" &&
		sections.every(([section, parameters]) =>
			inForce(parameters, values, section).every((one) => faultOf(one, textOf(values, section, one)) === undefined),
		);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const input = {
			path: path.trim(),
			importer: { [name]: sectionInput(entry?.parameters ?? [], values, name) } as ImportInput["importer"],
			images: sectionInput(catalog.images, values, "images"),
		};
		const content = JSON.stringify(input);
		const idempotencyKey = keys.current.get(content) ?? crypto.randomUUID();
		keys.current.set(content, idempotencyKey);
		const { data, error } = await start({ input: { ...input, idempotencyKey } });
		const said = error ? [{ message: error.message, path: null }] : (data?.importDataset.errors ?? []);
		setFaults(said);
		if (said.length > 0) return;
		// The same may be asked for again once this one has ended.
		keys.current.delete(content);
		onAsked();
	};
	const unplaced = faults.filter(({ path: place }) => place === null);
	return (
		<form className={css.form} onSubmit={submit} noValidate>
			<Field label="Layout" hint={entry?.description}>
				{(control) => (
					<select {...control} value={name} onChange={({ target }) => setName(target.value)}>
						{catalog.importers.map((one) => (
							<option key={one.name} value={one.name}>
								{one.title}
							</option>
						))}
					</select>
				)}
			</Field>
			<Field
				label="Path"
				hint="Absolute, on the server's machine: the folder or file that holds the set."
				fault={faultAt(faults, ["path"])}
			>
				{(control) => <input {...control} value={path} onChange={({ target }) => setPath(target.value)} />}
			</Field>
			<Button type="submit" look="primary" icon="plus" disabled={!isRight || fetching}>
				Import
			</Button>
			<details className={css.settings}>
				<summary>Settings</summary>
				<div className={css.fields}>
					{sections.flatMap(([section, parameters]) =>
						inForce(parameters, values, section).map((parameter) => {
							const key = keyOf(section, parameter.path);
							return (
								<ParameterField
									key={key}
									parameter={parameter}
									text={textOf(values, section, parameter)}
									change={(text) => setValues({ ...values, [key]: text })}
									classes={noClasses}
									fault={faultAt(faults, [section, ...parameter.path])}
								/>
							);
						}),
					)}
				</div>
			</details>
			{unplaced.length > 0 && (
				<ul role="alert" className={css.error}>
					{unplaced.map(({ message }) => (
						<li key={message}>{message}</li>
					))}
				</ul>
			)}
		</form>
	);
}
