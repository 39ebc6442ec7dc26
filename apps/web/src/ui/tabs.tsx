/** Tabs whose choice is part of the address: links, so that each can be opened, shared and gone back to. */
import Link from "next/link";
import css from "./ui.module.css";

export interface Tab {
	readonly key: string;
	readonly title: string;
	readonly href: string;
}

export function Tabs({
	label,
	tabs,
	current,
}: {
	readonly label: string;
	readonly tabs: readonly Tab[];
	readonly current: string;
}) {
	return (
		<nav className={css.tabs} aria-label={label}>
			{tabs.map(({ key, title, href }) => (
				<Link
					key={key}
					href={href}
					prefetch={false}
					scroll={false}
					replace
					aria-current={key === current ? "page" : undefined}
				>
					{title}
				</Link>
			))}
		</nav>
	);
}
