"use client";
/** Short messages about what was just done, read out politely; they go by themselves, or by their button. */
import { useEffect, useSyncExternalStore } from "react";
import { Button, IconButton } from "../ui/button.tsx";
import css from "./shell.module.css";

interface Toast {
	readonly id: number;
	readonly text: string;
	readonly action?: { readonly label: string; readonly run: () => void };
}

let toasts: readonly Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
	toasts = next;
	for (const listener of listeners) listener();
}

const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

/** Shows a message, with at most one thing to do about it. */
export function toast(text: string, action?: Toast["action"]): void {
	count += 1;
	change([...toasts.slice(-3), { id: count, text, ...(action && { action }) }]);
}

/** Milliseconds a message stays: long enough to read two lines and reach its button. */
const stay = 8000;

function Shown({ id, text, action }: Toast) {
	useEffect(() => {
		const timer = setTimeout(() => dismiss(id), stay);
		return () => clearTimeout(timer);
	}, [id]);
	return (
		<li className={css.toast}>
			<span>{text}</span>
			{action && (
				<Button
					look="quiet"
					onClick={() => {
						action.run();
						dismiss(id);
					}}
				>
					{action.label}
				</Button>
			)}
			<IconButton label="Dismiss" icon="close" onClick={() => dismiss(id)} />
		</li>
	);
}

const none: readonly Toast[] = [];

export function Toasts() {
	const shown = useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => toasts,
		() => none,
	);
	return (
		<ul className={css.toasts} aria-live="polite" aria-label="Messages">
			{shown.map((one) => (
				<Shown key={one.id} {...one} />
			))}
		</ul>
	);
}
