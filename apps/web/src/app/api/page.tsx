import type { Metadata } from "next";
import { ApiPage } from "../../api/api-page.tsx";

export const metadata: Metadata = { title: "API" };

export default function Page() {
	return (
		<>
			<h1>API</h1>
			<p>
				Everything on these pages comes from one GraphQL API. <a href="/sandbox">Open it in GraphiQL</a>, or use it from
				your own programs with a token.
			</p>
			<ApiPage />
		</>
	);
}
