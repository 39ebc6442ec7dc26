/** PyTorch as the peer of a training benchmark, where `MITHRIDATE_REFERENCE_PYTHON` names a Python that has it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { printConfig, type TransformerClipConfig } from "../packages/engine/src/model/config.ts";

const Answer = z.object({ seconds: z.number().positive(), gigabytes: z.number().positive(), version: z.string() });

interface Job {
	readonly config: TransformerClipConfig;
	readonly batch: number;
	/** Columns of the token table. */
	readonly length: number;
	/** Counted steps. */
	readonly steps: number;
	readonly threads: number;
}

/** Trains the same shapes there, in a process of its own that has ended on return; null without such a Python. */
export function trainInPytorch({ config, ...job }: Job): z.infer<typeof Answer> | null {
	const python = process.env.MITHRIDATE_REFERENCE_PYTHON;
	if (python === undefined) return null;
	const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, "train_in_pytorch.py")], {
		input: JSON.stringify({ config: printConfig(config), ...job }),
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`PyTorch did not train: ${stderr}`);
	return Answer.parse(JSON.parse(stdout));
}
