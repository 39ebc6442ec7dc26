"use client";
/** Which data set a run is made on: the one that is made without a download, or an imported one. */
import { useMemo } from "react";
import { useQuery } from "urql";
import { usePatient } from "../graphql/use-patient.ts";
import { Field } from "../ui/field.tsx";
import { formatTime, shortHash } from "../ui/format.ts";
import type { Classes } from "./class-picker.tsx";
import { ClassExamplesQuery, ClassPairsQuery, type ClassPicture, type KnownDataset } from "./queries.ts";

interface DatasetFieldProps {
	readonly datasets: readonly KnownDataset[];
	/** Hash of an imported version; empty for the usual set. */
	readonly chosen: string;
	readonly choose: (versionHash: string) => void;
}

/** Each imported version once, however often its captions were changed for a run. */
function importedOnes(datasets: readonly KnownDataset[]): readonly (KnownDataset & { readonly versionHash: string })[] {
	const versions = new Map<string, KnownDataset & { readonly versionHash: string }>();
	for (const { versionHash, ...dataset } of datasets)
		if (versionHash !== null && !versions.has(versionHash)) versions.set(versionHash, { ...dataset, versionHash });
	return [...versions.values()];
}

export function DatasetField({ datasets, chosen, choose }: DatasetFieldProps) {
	const imported = importedOnes(datasets);
	const isUnknown = chosen !== "" && imported.every(({ versionHash }) => versionHash !== chosen);
	const trusted = imported
		.find(({ versionHash }) => versionHash === chosen)
		?.counts.find(({ split }) => split === "TRUSTED")?.count;
	const hint =
		trusted === 0
			? "It has no trusted pairs: leave out the defenses that train on them."
			: "Others are imported on the page of data sets.";
	return (
		<Field label="Data set" hint={hint}>
			{(control) => (
				<select {...control} value={chosen} onChange={({ target }) => choose(target.value)}>
					<option value="">Emoji-PASCAL, made here without a download</option>
					{imported.map(({ versionHash, name, createdAt }) => (
						<option key={versionHash} value={versionHash}>
							{name}, {shortHash(versionHash)}, {formatTime(createdAt)}
						</option>
					))}
					{isUnknown && <option value={chosen}>{shortHash(chosen)}</option>}
				</select>
			)}
		</Field>
	);
}

/** The classes of the chosen set with a picture of each; of the usual set the catalog has them where it was never used. */
export function useClasses(datasets: readonly KnownDataset[], chosen: string): Classes {
	const dataset = datasets.find(({ versionHash }) => (chosen === "" ? versionHash === null : versionHash === chosen));
	const [{ data }] = useQuery({
		query: ClassPairsQuery,
		variables: { hash: dataset?.hash ?? "" },
		pause: dataset === undefined,
	});
	const { data: unused, fetching } = usePatient({
		query: ClassExamplesQuery,
		variables: { config: {} },
		pause: dataset !== undefined || chosen !== "",
	});
	const examples: readonly ClassPicture[] | undefined = data?.dataset?.examples ?? unused?.previewAttack.examples;
	return useMemo(
		() => ({
			names: dataset?.classes ?? [],
			isChosen: chosen !== "",
			isLoading: examples === undefined && (fetching || dataset !== undefined),
			pairs: new Map((examples ?? []).flatMap((pair) => (pair.class ? [[pair.class, pair]] : []))),
		}),
		[dataset, chosen, examples, fetching],
	);
}
