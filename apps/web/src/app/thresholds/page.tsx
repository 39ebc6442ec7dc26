import type { Metadata } from "next";
import { ThresholdLab } from "../../thresholds/threshold-lab.tsx";
import { TitledPage } from "../../ui/page.tsx";

export const metadata: Metadata = { title: "Threshold lab" };

export default function Page() {
	return (
		<TitledPage
			title="Threshold lab"
			lead="A filter removes pairs whose image and captions lie far apart under a model that never saw them. How far is too far?"
		>
			<ThresholdLab />
		</TitledPage>
	);
}
