import type { Metadata } from "next";
import { Suspense } from "react";
import { ThresholdLab } from "../../thresholds/threshold-lab.tsx";
import { Skeleton } from "../../ui/states.tsx";

export const metadata: Metadata = { title: "Threshold lab" };

export default function Page() {
	return (
		<>
			<h1>Threshold lab</h1>
			<p>
				A filter removes pairs whose image and captions lie far apart under a model that never saw them. How far is too
				far?
			</p>
			<Suspense fallback={<Skeleton shape="chart" />}>
				<ThresholdLab />
			</Suspense>
		</>
	);
}
