"use client";
/** The keys of the dashboard: what is bound where, for the listener and for the sheet that `?` opens. */
import { useEffect, useRef } from "react";

export interface Shortcut {
	/** As `KeyboardEvent.key`; two keys in a row are joined by a blank ("g r"). */
	readonly keys: string;
	readonly does: string;
	readonly run: () => void;
}

const bound = new Set<readonly Shortcut[]>();

/** All shortcuts that are bound now. */
export const boundShortcuts = (): readonly Shortcut[] => [...bound].flat();

/** Whether the event belongs to a control that takes text or keys by itself. */
function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog") !== null
	);
}

/** Binds shortcuts while the component is shown. Later bindings win. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
	const newest = useRef(shortcuts);
	newest.current = shortcuts;
	useEffect(() => {
		let first = "";
		let timer: ReturnType<typeof setTimeout> | undefined;
		const entry: Shortcut[] = newest.current.map((shortcut, index) => ({
			...shortcut,
			run: () => newest.current[index]?.run(),
		}));
		bound.add(entry);
		const listen = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
			const keys = first === "" ? event.key : `${first} ${event.key}`;
			clearTimeout(timer);
			first = "";
			const hit = entry.find((shortcut) => shortcut.keys === keys);
			if (hit) {
				event.preventDefault();
				hit.run();
			} else if (entry.some((shortcut) => shortcut.keys.startsWith(`${event.key} `))) {
				first = event.key;
				timer = setTimeout(() => {
					first = "";
				}, 900);
			}
		};
		window.addEventListener("keydown", listen);
		return () => {
			clearTimeout(timer);
			bound.delete(entry);
			window.removeEventListener("keydown", listen);
		};
	}, []);
}
