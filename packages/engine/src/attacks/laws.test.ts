/** The laws of attacks: every entry of the registry obeys them. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { applyEdits } from "../data/edits.ts";
import { MithridateError } from "../errors.ts";
import { attackInput, syntheticDataset } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { Attack, AttackInput, Poisoning } from "../types.ts";
import * as registry from "./index.ts";

const dataset = syntheticDataset();
const clean = attackInput(dataset);

/** Parameters every attack is tried with: its example, its defaults, and both ways of adding poison where it knows them. */
function settingsOf(attack: Attack): unknown[] {
	const variants = [
		{},
		{ mode: "inject" },
		{ keepTargetRows: false },
		{ amount: { kind: "class-share", classShare: 1 } },
	];
	const inputs = variants.map((variant) => ({ ...(attack.example as object), ...variant }));
	return [{}, ...inputs].flatMap((input) => {
		const parsed = attack.params.safeParse(input);
		return parsed.success ? [parsed.data] : [];
	});
}

function poison(attack: Attack, params: unknown, seed = 1, input: AttackInput = clean): Poisoning {
	return attack.poison(input, params, new Random(seed));
}

function freeze<Value>(value: Value): Value {
	if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
		Object.values(Object.freeze(value)).forEach(freeze);
	return value;
}

describe.each(Object.entries<Attack>(registry as unknown as Record<string, Attack>))("attack %s", (_, attack) => {
	test("has a valid example and defaults for everything", () => {
		expect(attack.params.safeParse(attack.example).success).toBe(true);
		expect(attack.params.safeParse({}).success).toBe(true);
		expect(settingsOf(attack).length).toBeGreaterThanOrEqual(2);
	});

	test("describes every field of its parameters to forms", () => {
		const bare: string[] = [];
		const visit = (node: unknown, path: string) => {
			if (typeof node !== "object" || node === null) return;
			for (const [key, value] of Object.entries(node)) {
				if (key === "properties")
					for (const [field, schema] of Object.entries(value as Record<string, { description?: string }>))
						if (!schema.description) bare.push(`${path}.${field}`);
				visit(value, `${path}.${key}`);
			}
		};
		visit(z.toJSONSchema(attack.params, { io: "input" }), "params");
		expect(bare).toEqual([]);
	});

	test("gives the same parameters back after a trip through JSON", () => {
		for (const params of settingsOf(attack))
			expect(attack.params.parse(JSON.parse(JSON.stringify(params)))).toEqual(params);
	});

	test("is deterministic, and another seed gives another poisoning", () => {
		for (const params of settingsOf(attack)) expect(poison(attack, params)).toEqual(poison(attack, params));
		const seeds = Array.from({ length: 5 }, (_, seed) =>
			JSON.stringify(poison(attack, attack.params.parse(attack.example), seed).edits),
		);
		expect(new Set(seeds).size).toBeGreaterThan(1);
	});

	test("does not change what it is given", () => {
		const frozen = freeze(structuredClone({ ...clean, testEmbeddings: undefined }));
		for (const params of settingsOf(attack))
			poison(attack, params, 1, { ...clean, train: frozen.train, test: frozen.test });
	});

	test("edits exactly the samples it says, and names every poisoned one", () => {
		for (const params of settingsOf(attack)) {
			const { edits, poisoned } = poison(attack, params);
			const after = applyEdits(dataset.train, dataset.images, edits);
			const before = new Map(dataset.train.samples.map((sample) => [sample.id, sample]));
			const changed = after.samples
				.filter((sample) => before.get(sample.id)?.image !== sample.image)
				.map(({ id }) => id);
			expect(new Set(changed)).toEqual(poisoned);
			for (const sample of after.samples) {
				const original = before.get(sample.id);
				if (original) expect(sample.captions).toEqual(original.captions);
			}
			const dropped = edits.flatMap((edit) => (edit.kind === "drop" ? [edit.sample] : []));
			const injected = edits.filter((edit) => edit.kind === "inject").length;
			expect(after.samples.length).toBe(dataset.train.samples.length - dropped.length + injected);
			expect(dropped.some((id) => poisoned.has(id))).toBe(false);
			expect(poisoned.size).toBe(edits.length - dropped.length);
			expect(poisoned.size).toBeGreaterThan(0);
		}
	});

	test("stamps its images if it has a patch, and none if it has not", () => {
		for (const params of settingsOf(attack)) {
			const patch = attack.patch?.(params) ?? null;
			for (const edit of poison(attack, params).edits)
				if (edit.kind !== "drop") expect(edit.isStamped ?? false).toBe(patch !== null);
		}
	});

	test("says so when it needs embeddings of the training pairs, and does without where it does not", () => {
		const { trainEmbeddings: _, ...without } = clean;
		for (const params of settingsOf(attack)) {
			if (attack.needsTrainEmbeddings) expect(() => poison(attack, params, 1, without)).toThrow(MithridateError);
			else expect(poison(attack, params, 1, without)).toEqual(poison(attack, params));
		}
	});

	test("aims only at images of the test gallery that are of the goal's class B", () => {
		const labels = new Map(clean.test.samples.map((sample, row) => [sample.id, clean.test.labels[row]]));
		for (const params of settingsOf(attack)) {
			const { goals } = poison(attack, params);
			expect(goals.length).toBeGreaterThan(0);
			for (const { from, to, targets } of goals) {
				expect(from).not.toBe(to);
				expect(targets.length).toBeGreaterThan(0);
				for (const target of targets) expect(labels.get(target)).toBe(to);
			}
		}
	});

	test("changes nothing at no poison, and keeps its goals", () => {
		const params = attack.params.safeParse({
			...(attack.example as object),
			amount: { kind: "count", count: 0 },
			keepTargetRows: true,
		});
		const plain = attack.params.safeParse({ ...(attack.example as object), amount: { kind: "count", count: 0 } });
		const none = params.success ? params : plain;
		if (!none.success) return;
		const { edits, poisoned, goals } = poison(attack, none.data);
		expect(edits).toEqual([]);
		expect(poisoned.size).toBe(0);
		expect(goals).toEqual(poison(attack, attack.params.parse(attack.example)).goals);
	});

	test("does not name an injected sample after what it is", () => {
		for (const params of settingsOf(attack))
			for (const edit of poison(attack, params).edits)
				if (edit.kind === "inject") expect(edit.sample.id).not.toMatch(/poison|attack|inject|target/i);
	});
});
