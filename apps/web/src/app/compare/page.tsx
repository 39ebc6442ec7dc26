import type { Metadata } from "next";
import { ComparePage } from "../../compare/compare-page.tsx";
import { TitledPage } from "../../ui/page.tsx";

export const metadata: Metadata = { title: "Compare" };

export default function Page() {
	return (
		<TitledPage title="Compare" lead="Runs side by side: what came out, at what price, and what was set differently.">
			<ComparePage />
		</TitledPage>
	);
}
