/** Buttons, and links that look like them. */
import Link from "next/link";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";
import css from "./ui.module.css";

interface Look {
	readonly icon?: IconName;
	/** `primary` once per page: what the page is for. `quiet` has no border. */
	readonly look?: "primary" | "plain" | "quiet";
	readonly children?: ReactNode;
}

type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement>;

export function Button({ icon, look = "plain", children, ...rest }: ButtonProps) {
	return (
		<button type="button" {...rest} className={css.button} data-look={look}>
			{icon && <Icon name={icon} />}
			{children}
		</button>
	);
}

/** A button that is only an icon; its label is read out and shown on hover. */
export function IconButton({
	label,
	icon,
	...rest
}: { readonly label: string; readonly icon: IconName } & ButtonProps) {
	return (
		<button type="button" {...rest} className={css.button} data-look="quiet" aria-label={label} title={label}>
			<Icon name={icon} />
		</button>
	);
}

export function ButtonLink({ icon, look = "plain", href, children }: Look & { readonly href: string }) {
	return (
		<Link href={href} prefetch={false} className={css.button} data-look={look}>
			{icon && <Icon name={icon} />}
			{children}
		</Link>
	);
}
