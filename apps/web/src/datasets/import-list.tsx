"use client";
/** Imports that go on or have ended: how far they are, what they left out, and why one failed. */
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { toast } from "../shell/toasts.tsx";
import { Button } from "../ui/button.tsx";
import { formatTime, formatWhole } from "../ui/format.ts";
import { Loaded } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import css from "./imports.module.css";
import { CancelMutation, type DatasetImport, FaultsQuery } from "./imports-query.ts";
import { isOpen, useImport } from "./use-import.ts";

export function ImportList({
	imports,
	onEnd,
}: {
	readonly imports: readonly DatasetImport[];
	/** Called when one of them ends while somebody looks. */
	readonly onEnd: () => void;
}) {
	return (
		<ul className={css.imports} aria-label="Imports">
			{imports.map((one) => (
				<ImportItem key={one.id} known={one} onEnd={onEnd} />
			))}
		</ul>
	);
}

function ImportItem({ known, onEnd }: { readonly known: DatasetImport; readonly onEnd: () => void }) {
	const one = useImport(known, onEnd);
	const [{ fetching }, cancel] = useMutation(CancelMutation);
	const { done, total } = one.progress;
	const stop = async () => {
		const { data, error } = await cancel({ input: { importId: one.id } });
		const said = error?.message ?? data?.cancelDatasetImport.errors[0]?.message;
		if (said) toast(said);
	};
	return (
		<li>
			<p className={css.line}>
				<Status status={one.status} />
				<strong>{one.title}</strong>
				<code>{one.path}</code>
				{isOpen(one) && (
					<Button look="quiet" icon="stop" disabled={fetching || one.isCancelled} onClick={stop}>
						{one.isCancelled ? "Stopping" : "Stop"}
					</Button>
				)}
			</p>
			{one.status === "RUNNING" && (
				<progress
					className={css.bar}
					aria-label={`Progress of the import of ${one.path}`}
					{...(total === null ? {} : { max: total, value: done })}
				/>
			)}
			<p className={css.about}>
				{one.status === "QUEUED" ? (
					"waits for a worker"
				) : (
					<>
						{formatWhole(done)}
						{total !== null && total !== done && ` of ${formatWhole(total)}`} rows
						{one.dataset &&
							`: ${one.dataset.counts.map(({ split, count }) => `${formatWhole(count)} ${split.toLowerCase()}`).join(", ")}`}
					</>
				)}
				, asked for {formatTime(one.createdAt)}
			</p>
			{one.error && (
				<p className={css.error} role={one.status === "FAILED" ? "alert" : undefined}>
					{one.error.message}
				</p>
			)}
			{one.faultCount > 0 && (
				<Faults key={isOpen(one) ? "so far" : "all"} id={one.id} count={one.faultCount} isOpen={isOpen(one)} />
			)}
		</li>
	);
}

interface FaultsProps {
	readonly id: string;
	readonly count: number;
	readonly isOpen: boolean;
}

function Faults({ id, count, isOpen }: FaultsProps) {
	const [shown, setShown] = useState(false);
	return (
		<details className={css.faults} onToggle={(event) => setShown(event.currentTarget.open)}>
			<summary>
				{formatWhole(count)} {count === 1 ? "row" : "rows"} left out{isOpen && " so far"}
			</summary>
			{shown && <FaultPages id={id} />}
		</details>
	);
}

function FaultPages({ id }: { readonly id: string }) {
	const [after, setAfter] = useState<readonly (string | null)[]>([null]);
	return after.map((cursor, at) => (
		<FaultPage
			key={cursor ?? "first"}
			id={id}
			cursor={cursor}
			isLast={at === after.length - 1}
			onMore={(next) => setAfter([...after, next])}
		/>
	));
}

interface FaultPageProps {
	readonly id: string;
	readonly cursor: string | null;
	readonly isLast: boolean;
	readonly onMore: (cursor: string) => void;
}

function FaultPage({ id, cursor, isLast, onMore }: FaultPageProps) {
	const [result, ask] = useQuery({
		query: FaultsQuery,
		variables: { id, after: cursor },
		requestPolicy: "cache-and-network",
	});
	return (
		<Loaded result={result} retry={() => ask({ requestPolicy: "network-only" })}>
			{({ datasetImport }) => {
				const faults = datasetImport?.faults;
				if (!faults) return null;
				const { hasNextPage, endCursor } = faults.pageInfo;
				return (
					<>
						<ol>
							{faults.nodes.map(({ file, row, column, reason, detail }) => (
								<li key={`${file} ${row} ${reason} ${detail}`}>
									<code>{file}</code> row {row}
									{column && `, ${column}`}: <strong>{reason}</strong>, {detail}
								</li>
							))}
						</ol>
						{isLast && hasNextPage && endCursor && <Button onClick={() => onMore(endCursor)}>Show more</Button>}
					</>
				);
			}}
		</Loaded>
	);
}
