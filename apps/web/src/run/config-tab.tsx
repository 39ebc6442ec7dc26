"use client";
/** The whole configuration as it is hashed, to read and to copy. */
import { useQuery } from "urql";
import { copyText } from "../charts/export.ts";
import { graphql } from "../graphql/document.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { Loaded } from "../ui/states.tsx";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const ConfigQuery = graphql(`
	query RunConfig($number: Int!) {
		run(number: $number) {
			id
			configText
			configHash
			groupHash
		}
	}
`);

/** Canonical JSON with line breaks, for people. */
function indented(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
}

export default function ConfigTab({ run }: TabProps) {
	const [result] = useQuery({ query: ConfigQuery, variables: { number: run.number } });
	return (
		<Loaded result={result}>
			{(data) =>
				data.run && (
					<div className={css.section}>
						<div className={css.actions}>
							<Button icon="copy" onClick={() => void copyText(data.run?.configText ?? "", "Configuration")}>
								Copy
							</Button>
							<ButtonLink icon="rows" href={`/runs?group=${data.run.groupHash}`}>
								Same but for the seed
							</ButtonLink>
						</div>
						<dl className={facts.facts}>
							<div>
								<dt>Hash of the configuration</dt>
								<dd>
									<code>{data.run.configHash.slice(0, 16)}</code>
								</dd>
							</div>
							<div>
								<dt>Hash without the seed</dt>
								<dd>
									<code>{data.run.groupHash.slice(0, 16)}</code>
								</dd>
							</div>
						</dl>
						{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
						<pre className={facts.code} tabIndex={0}>
							{indented(data.run.configText)}
						</pre>
					</div>
				)
			}
		</Loaded>
	);
}
