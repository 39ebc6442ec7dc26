import type { Metadata } from "next";
import { ModelsPage } from "../../models/models-page.tsx";

export const metadata: Metadata = { title: "Models" };

export default function Page() {
	return (
		<>
			<h1>Models</h1>
			<p>Checkpoints in Hugging Face's CLIP layout: each can be downloaded, or started from.</p>
			<ModelsPage />
		</>
	);
}
