/** PyTorch as the peer of a training benchmark, where `MITHRIDATE_REFERENCE_PYTHON` names a Python that has it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { printConfig, type TransformerClipConfig } from "../packages/engine/src/model/config.ts";

/** What `train_in_pytorch.py` prints. */
interface Peer {
	/** Of one step. */
	readonly seconds: number;
	/** Peak memory. */
	readonly gigabytes: number;
	readonly version: string;
}

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
export function trainInPytorch({ config, ...job }: Job): Peer | null {
	const python = process.env.MITHRIDATE_REFERENCE_PYTHON;
	if (python === undefined) return null;
	const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, "train_in_pytorch.py")], {
		input: JSON.stringify({ config: printConfig(config), ...job }),
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`PyTorch did not train: ${stderr}`);
	return JSON.parse(stdout) as Peer;
}
