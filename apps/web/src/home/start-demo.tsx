"use client";
/** Starts the demonstration study with the server's defaults and opens its run: no form, no question. */
import { useRouter } from "next/navigation";
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
					runs(first: 1) {
						nodes {
							id
							number
						}
					}
				}
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[UserErrorFields],
);

/** Measurements within each training, so that Hit@10 and utility are curves while it runs. */
const probes = 4;

export function StartDemo() {
	const router = useRouter();
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
							config: { evaluation: { probes } },
							grid: { seeds: [1] },
						},
					});
					setFault(error?.message ?? data?.startStudy.errors[0]?.message);
					const run = data?.startStudy.study?.runs.nodes[0];
					if (run) router.push(`/run?n=${run.number}`);
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
