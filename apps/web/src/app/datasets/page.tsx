import type { Metadata } from "next";
import { Suspense } from "react";
import { DatasetsPage } from "../../datasets/datasets-page.tsx";
import { Skeleton } from "../../ui/states.tsx";

export const metadata: Metadata = { title: "Data sets" };

export default function Page() {
	return (
		<>
			<h1>Data sets</h1>
			<p>Every run names the version it was made on by the hash of all its pairs.</p>
			<Suspense fallback={<Skeleton shape="row" lines={6} />}>
				<DatasetsPage />
			</Suspense>
		</>
	);
}
