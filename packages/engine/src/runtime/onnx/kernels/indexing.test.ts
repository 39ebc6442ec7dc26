import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { Random } from "../../../random.ts";
import type { Program } from "../../contract.ts";
import { openOnnxRuntime } from "../runtime.ts";

/** So many updates that two threads would meet on a row if they added without a lock. */
const [UPDATES, WIDTH, ROWS] = [4096, 128, 16];

const program: Program = {
	name: "sums",
	state: {},
	inputs: { updates: { shape: [UPDATES, WIDTH], dtype: "float32" }, rows: { shape: [UPDATES], dtype: "int32" } },
	run: (_, { updates, rows }) => ({
		state: {},
		outputs: { sums: tf.unsortedSegmentSum(updates!, rows as tf.Tensor1D, ROWS) },
	}),
};

test("updates of equal rows are all added, in their order, in one thread and in several", async () => {
	const random = new Random("rows");
	const updates = Float32Array.from({ length: UPDATES * WIDTH }, () => random.normal());
	const rows = Int32Array.from({ length: UPDATES }, () => random.integer(ROWS));
	const expected = new Float32Array(ROWS * WIDTH);
	for (const [at, update] of updates.entries()) {
		const to = rows[Math.floor(at / WIDTH)]! * WIDTH + (at % WIDTH);
		expected[to] = expected[to]! + update;
	}
	for (const threads of [1, 2, 4]) {
		const runtime = await openOnnxRuntime({ device: "cpu", reason: "test", threads });
		const executable = await runtime.compile(program);
		for (let repeat = 0; repeat < 3; repeat++)
			expect((await executable.run(runtime.createState({}, {}), { updates, rows })).sums).toEqual(expected);
		executable.dispose();
		await runtime.dispose();
	}
});
