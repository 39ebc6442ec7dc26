import type { Metadata } from "next";
import { ApiPage } from "../../api/api-page.tsx";
import { TitledPage } from "../../ui/page.tsx";

export const metadata: Metadata = { title: "API" };

export default function Page() {
	return (
		<TitledPage
			title="API"
			lead="Everything on these pages comes from one GraphQL API, open to your own programs with a token."
		>
			<ApiPage />
		</TitledPage>
	);
}
