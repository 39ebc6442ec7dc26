"use client";
/** Starts the demonstration study with the server's defaults: no form, no question. */
import { useRef, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "../graphql/document.ts";
import { UserErrorFields } from "../graphql/mutation-errors.ts";
import { Button } from "../ui/button.tsx";
import ui from "../ui/ui.module.css";

const StartDemoMutation = graphql(
	`
		mutation StartDemo($input: StartStudyInput!) {
			startStudy(input: $input) {
				study {
					id
					slug
				}
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[UserErrorFields],
);

export function StartDemo({ onStarted }: { readonly onStarted: () => void }) {
	const [{ fetching }, start] = useMutation(StartDemoMutation);
	const [fault, setFault] = useState<string>();
	// One key for one visit: a second press starts nothing twice.
	const key = useRef(crypto.randomUUID());
	return (
		<>
			<Button
				look="primary"
				icon="play"
				disabled={fetching}
				onClick={async () => {
					const { data, error } = await start({
						input: {
							idempotencyKey: key.current,
							name: "Demonstration",
							question: "Can a hundredth of the pairs turn sheep into aeroplanes, and can it be undone?",
							config: {},
							grid: { seeds: [1] },
						},
					});
					const said = error?.message ?? data?.startStudy.errors[0]?.message;
					setFault(said);
					if (!said) onStarted();
				}}
			>
				Start the demonstration
			</Button>
			{fault && (
				<p role="alert" className={ui.fault}>
					{fault}
				</p>
			)}
		</>
	);
}
