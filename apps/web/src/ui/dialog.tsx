"use client";
/** A modal on the browser's own dialog element: focus is kept in, Escape closes, focus goes back to where it was. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import css from "./dialog.module.css";

export function Dialog({
	title,
	close,
	children,
	bare = false,
}: {
	readonly title: string;
	readonly close: () => void;
	readonly children: ReactNode;
	/** Without a visible title row. */
	readonly bare?: boolean;
}) {
	const element = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = element.current;
		dialog?.showModal();
		// The browser gives the focus to whatever can take it first; what one types into comes before that.
		dialog?.querySelector("input")?.focus();
		return () => dialog?.close();
	}, []);
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; the keyboard's way out is Escape.
		<dialog
			ref={element}
			className={css.dialog}
			aria-labelledby={id}
			onCancel={(event) => {
				event.preventDefault();
				close();
			}}
			onClick={(event) => event.target === element.current && close()}
		>
			<div className={css.head} data-bare={bare}>
				<h2 id={id} className={bare ? "visually-hidden" : undefined}>
					{title}
				</h2>
				{!bare && <IconButton label="Close" icon="close" onClick={close} />}
			</div>
			{children}
		</dialog>
	);
}
