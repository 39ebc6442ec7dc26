/** The typed configuration of this build's engine, made once. */
import { attacks, defenses, ExperimentConfig } from "@mithridate/engine";
import { type Parsed, typedConfig } from "../typed-config/typed-config.ts";

export const experiment = typedConfig(ExperimentConfig, { attack: attacks, defenses });

const checkpointFolders = ["start", "reference"] as const;

/**
 * Checks a configuration that came from outside. Folders of this machine are not for callers to name: a checkpoint is
 * the shipped one.
 */
export function parseConfig(input: object): Parsed<ExperimentConfig> {
	const parsed = experiment.parse(input);
	const named = checkpointFolders.filter((field) => parsed.config && parsed.config.checkpoints[field] !== null);
	if (named.length === 0) return parsed;
	const message = "Folders of the server cannot be named from outside. Leave it out: the shipped checkpoint is used.";
	return { issues: named.map((field) => ({ path: ["checkpoints", field], message })) };
}
