"use client";
/** What a panel shows when it has nothing yet, nothing at all, or failed. */
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { type Operation, OperationContext } from "../charts/operation.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import css from "./states.module.css";

/** A placeholder as tall as what it stands for: `lines` of text, or a block of the given shape. */
export function Skeleton({
	lines,
	shape = "text",
}: {
	readonly lines?: number;
	readonly shape?: "text" | "chart" | "row";
}) {
	return (
		<div className={css.skeleton} data-shape={shape} role="status">
			<span className="visually-hidden">Loading</span>
			{Array.from({ length: lines ?? 1 }, (_, line) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the lines of a placeholder are all alike.
				<span key={line} />
			))}
		</div>
	);
}

/** Says what would be here, and how to get it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
	return (
		<div className={css.empty}>
			<h3>{title}</h3>
			{children && <div>{children}</div>}
		</div>
	);
}

/** What went wrong in words, with the request's id for the log, and a way to try again. */
export function Failure({ error, retry }: { readonly error: CombinedError; readonly retry?: () => void }) {
	const first = error.graphQLErrors[0];
	const requestId = first?.extensions?.requestId;
	return (
		<div className={css.failure} role="alert">
			<Icon name="warning" />
			<div>
				<h3>{error.networkError ? "The server did not answer" : "This could not be loaded"}</h3>
				<p>{first?.message ?? error.networkError?.message}</p>
				{typeof requestId === "string" && <code>{requestId}</code>}
			</div>
			{retry && (
				<Button onClick={retry} icon="retry">
					Try again
				</Button>
			)}
		</div>
	);
}

/** The three states of a query around what it shows. Data that is there stays on screen while it is loaded anew. */
export function Loaded<Data>({
	result,
	skeleton,
	retry,
	operation,
	children,
}: {
	/** What was asked, for the copies that charts and tables below offer. */
	readonly operation?: Operation;
	readonly result: { readonly data?: Data | undefined; readonly error?: CombinedError | undefined };
	readonly skeleton?: ReactNode;
	readonly retry?: () => void;
	readonly children: (data: Data) => ReactNode;
}) {
	if (result.data != null)
		return operation ? (
			<OperationContext value={operation}>{children(result.data)}</OperationContext>
		) : (
			children(result.data)
		);
	if (result.error) return <Failure error={result.error} {...(retry && { retry })} />;
	return skeleton ?? <Skeleton lines={5} />;
}
