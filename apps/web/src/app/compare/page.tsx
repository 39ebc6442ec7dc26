import type { Metadata } from "next";
import { Suspense } from "react";
import { ComparePage } from "../../compare/compare-page.tsx";
import { Skeleton } from "../../ui/states.tsx";

export const metadata: Metadata = { title: "Compare" };

export default function Page() {
	return (
		<>
			<h1>Compare</h1>
			<Suspense fallback={<Skeleton shape="chart" />}>
				<ComparePage />
			</Suspense>
		</>
	);
}
