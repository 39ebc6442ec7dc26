import type { Metadata } from "next";
import { TitledPage } from "../../ui/page.tsx";
import { WorkersPage } from "../../workers/workers-page.tsx";

export const metadata: Metadata = { title: "Workers and queue" };

export default function Page() {
	return (
		<TitledPage title="Workers and queue" lead="Who does the work, and what waits for it.">
			<WorkersPage />
		</TitledPage>
	);
}
