/** A page with a title: what it is about in a line, and the space between its parts. */
import { type ReactNode, Suspense } from "react";
import css from "./page.module.css";
import { Skeleton } from "./states.tsx";

interface TitledPageProps {
	readonly title: string;
	readonly lead?: ReactNode;
	readonly children: ReactNode;
}

export function TitledPage({ title, lead, children }: TitledPageProps) {
	return (
		<div className={css.page}>
			<header className={css.title}>
				<h1>{title}</h1>
				{lead && <p className={css.lead}>{lead}</p>}
			</header>
			<Suspense fallback={<Skeleton shape="row" lines={6} />}>{children}</Suspense>
		</div>
	);
}
