"use client";
/** The stages that made the run's models, their files, and the exports of everything recorded. */
import { useQuery } from "urql";
import { graphql } from "../graphql/document.ts";
import facts from "../ui/facts.module.css";
import { formatBytes, formatDuration, shortHash } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Empty, Loaded } from "../ui/states.tsx";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const ArtifactsQuery = graphql(`
	query RunArtifacts($number: Int!) {
		run(number: $number) {
			id
			json: exportUrl(format: JSON)
			csv: exportUrl(format: CSV)
			stages {
				name
				key
				reused
				seconds
				checkpoints {
					id
					name
					step
					bytes
				}
			}
			artifacts {
				name
				sha256
				bytes
				mediaType
				url
			}
		}
	}
`);

export default function ArtifactsTab({ run }: TabProps) {
	const [result] = useQuery({
		query: ArtifactsQuery,
		variables: { number: run.number },
		requestPolicy: "network-only",
	});
	return (
		<Loaded result={result}>
			{({ run: found }) =>
				found && (
					<div className={css.section}>
						<h2>Stages</h2>
						{found.stages.length === 0 && <Empty title="No stage has begun" />}
						<ol className={facts.list}>
							{found.stages.map((stage) => (
								<li key={stage.key}>
									<ModelMark model={stage.name} />
									<code className={facts.quiet}>{shortHash(stage.key)}</code>
									<span className={facts.wide}>
										{stage.reused ? "made by an earlier run" : formatDuration(stage.seconds)}
										{stage.checkpoints.length > 0 && `, ${stage.checkpoints.length} checkpoints`}
									</span>
								</li>
							))}
						</ol>
						<h2>Files</h2>
						{found.artifacts.length === 0 && <Empty title="No file was kept" />}
						<ul className={facts.list}>
							{found.artifacts.map(({ name, sha256, bytes, url }) => (
								<li key={name}>
									<a className={facts.wide} href={url} download={name}>
										{name}
									</a>
									<code className={facts.quiet}>{shortHash(sha256)}</code>
									<span>{formatBytes(bytes)}</span>
								</li>
							))}
						</ul>
						<h2>Everything that was recorded</h2>
						<p className={css.note}>
							Raw points, evaluations, pairs and events, never a drawn sample: <a href={found.json}>JSON</a> or{" "}
							<a href={found.csv}>CSV</a>.
						</p>
					</div>
				)
			}
		</Loaded>
	);
}
