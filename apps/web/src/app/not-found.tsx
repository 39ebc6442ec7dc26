/** An address that leads nowhere. */
import type { Metadata } from "next";
import { ButtonLink } from "../ui/button.tsx";
import { TitledPage } from "../ui/page.tsx";

export const metadata: Metadata = { title: "No such page" };

export default function NotFound() {
	return (
		<TitledPage title="There is no such page" lead="The address may be mistyped, or its page may have moved.">
			<p>
				<ButtonLink href="/">Go to the home page</ButtonLink>
			</p>
		</TitledPage>
	);
}
