"use client";
/** The address is the state: reading and changing single parameters of the query string. */
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** `search` with the given parameters set; null or an empty text removes one. */
export function withParameters(search: string, changes: Readonly<Record<string, string | null>>): string {
	const parameters = new URLSearchParams(search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === "") parameters.delete(name);
		else parameters.set(name, value);
	}
	return parameters.toString();
}

/** Changes parameters of the address without a navigation; the pages that read them are drawn anew. */
export function changeAddress(changes: Readonly<Record<string, string | null>>): void {
	const search = withParameters(window.location.search, changes);
	window.history.replaceState(null, "", search === "" ? window.location.pathname : `?${search}`);
}

/** One parameter of the address as state, like `useState`. */
export function useParameter(name: string, otherwise = ""): readonly [string, (value: string | null) => void] {
	const value = useSearchParams().get(name) ?? otherwise;
	const set = useCallback(
		(next: string | null) => changeAddress({ [name]: next === otherwise ? null : next }),
		[name, otherwise],
	);
	return [value, set];
}

/** A parameter that holds several values, joined by commas. */
export function useListParameter(name: string): readonly [readonly string[], (values: readonly string[]) => void] {
	const [text, setText] = useParameter(name);
	const set = useCallback((values: readonly string[]) => setText(values.join(",")), [setText]);
	return [text === "" ? [] : text.split(","), set];
}
