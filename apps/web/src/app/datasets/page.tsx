import type { Metadata } from "next";
import { DatasetsPage } from "../../datasets/datasets-page.tsx";
import { TitledPage } from "../../ui/page.tsx";

export const metadata: Metadata = { title: "Data sets" };

export default function Page() {
	return (
		<TitledPage title="Data sets" lead="Every run names the version it was made on by the hash of all its pairs.">
			<DatasetsPage />
		</TitledPage>
	);
}
