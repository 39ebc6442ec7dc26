"use client";
/** One import as it changes: told by the server while it goes on, asked for again where the connection broke. */
import { useEffect, useRef, useState } from "react";
import { subscribeOnce } from "../graphql/client.ts";
import { waitBefore } from "../live/feed.ts";
import { judge } from "../live/refusal.ts";
import { type DatasetImport, ImportChanges } from "./imports-query.ts";

export const isOpen = ({ status }: Pick<DatasetImport, "status">) => status === "QUEUED" || status === "RUNNING";

/** @param known The import as a list had it. @param onEnd Called when it ends while somebody looks. */
export function useImport(known: DatasetImport, onEnd: () => void): DatasetImport {
	const [state, setState] = useState(known);
	const ended = useRef(onEnd);
	ended.current = onEnd;
	const { id } = known;
	const follows = isOpen(known);
	useEffect(() => {
		if (!follows) return;
		let stop: (() => void) | undefined;
		let timer: ReturnType<typeof setTimeout> | undefined;
		let attempt = 0;
		const follow = () => {
			stop = subscribeOnce(
				ImportChanges,
				{ id },
				{
					next({ datasetImportChanges }) {
						attempt = 0;
						setState(datasetImportChanges);
						if (!isOpen(datasetImportChanges)) ended.current();
					},
					error(error) {
						if (judge(error).kind === "refused") return;
						timer = setTimeout(follow, waitBefore(attempt++, crypto.getRandomValues(new Uint8Array(1))[0]! / 256));
					},
					complete() {},
					opened() {},
				},
			);
		};
		follow();
		return () => {
			clearTimeout(timer);
			stop?.();
		};
	}, [id, follows]);
	// A list that was loaded later knows more than what was last told.
	return isOpen(known) ? state : known;
}
