import type { Metadata } from "next";
import { ModelsPage } from "../../models/models-page.tsx";
import { TitledPage } from "../../ui/page.tsx";

export const metadata: Metadata = { title: "Models" };

export default function Page() {
	return (
		<TitledPage
			title="Models"
			lead="Checkpoints in Hugging Face's CLIP layout: each can be downloaded, or started from."
		>
			<ModelsPage />
		</TitledPage>
	);
}
