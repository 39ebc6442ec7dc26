/** A labelled control with its hint and its fault, joined for screen readers. */
import { type ReactNode, useId } from "react";
import css from "./ui.module.css";

interface Control {
	readonly id: string;
	readonly className: string | undefined;
	readonly "aria-describedby": string;
	readonly "aria-invalid": boolean;
}

export function Field({
	label,
	hint,
	fault,
	isLabelHidden = false,
	children,
}: {
	readonly label: string;
	/** Read out only, where what stands beside the control says it. */
	readonly isLabelHidden?: boolean;
	readonly hint?: string | undefined;
	readonly fault?: string | undefined;
	/** Spreads what it is given on its input, select or textarea. */
	readonly children: (control: Control) => ReactNode;
}) {
	const id = useId();
	return (
		<div className={css.field}>
			<label htmlFor={id} className={isLabelHidden ? "visually-hidden" : undefined}>
				{label}
			</label>
			{children({ id, className: css.input, "aria-describedby": `${id}-about`, "aria-invalid": fault !== undefined })}
			<span id={`${id}-about`} hidden={!hint && !fault}>
				{hint && <span className={css.hint}>{hint}</span>} {fault && <span className={css.fault}>{fault}</span>}
			</span>
		</div>
	);
}
