"use client";
/** A button that opens a short list of things to do. */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button.tsx";
import type { IconName } from "./icon.tsx";
import css from "./menu.module.css";

export interface MenuItem {
	readonly title: string;
	readonly run: () => void;
	readonly disabled?: boolean;
	/** A rule stands above it. */
	readonly isApart?: boolean;
}

export function Menu({
	label,
	icon = "more",
	items,
	children,
}: {
	readonly label: string;
	readonly icon?: IconName;
	readonly items: readonly MenuItem[];
	/** Text on the button; without, the label is only read out. */
	readonly children?: ReactNode;
}) {
	const [open, setOpen] = useState(false);
	const root = useRef<HTMLDivElement>(null);
	const id = useId();
	useEffect(() => {
		if (!open) return;
		const close = (event: Event) => {
			const isInside = event.target instanceof Node && root.current?.contains(event.target);
			if (event instanceof KeyboardEvent ? event.key === "Escape" : !isInside) {
				setOpen(false);
				if (event instanceof KeyboardEvent) root.current?.querySelector("button")?.focus();
			}
		};
		document.addEventListener("pointerdown", close);
		document.addEventListener("keydown", close);
		document.addEventListener("focusin", close);
		return () => {
			document.removeEventListener("pointerdown", close);
			document.removeEventListener("keydown", close);
			document.removeEventListener("focusin", close);
		};
	}, [open]);
	return (
		<div ref={root} className={css.menu}>
			<Button
				look={children ? "plain" : "quiet"}
				icon={icon}
				aria-expanded={open}
				aria-controls={id}
				aria-label={children ? undefined : label}
				title={children ? undefined : label}
				onClick={() => setOpen(!open)}
			>
				{children}
			</Button>
			<ul id={id} className={css.items} hidden={!open} aria-label={label}>
				{items.map(({ title, run, disabled = false, isApart = false }) => (
					<li key={title} data-apart={isApart}>
						<button
							type="button"
							disabled={disabled}
							onClick={() => {
								setOpen(false);
								run();
							}}
						>
							{title}
						</button>
					</li>
				))}
			</ul>
		</div>
	);
}
