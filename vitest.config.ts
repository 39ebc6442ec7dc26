import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Units are judged by their answers alone, so that it does not matter what runs beside them. */
const units = ["{packages,apps}/*/{src,bin}/**/*.test.ts", "studies/{src,bin}/**/*.test.ts"];

export default defineConfig(({ mode }) => {
	// By turns: whatever starts programs, waits for leases or takes the time has the machine to itself.
	const alone = (name: string, include: string[], groupOrder: number) => ({
		extends: true as const,
		test: { name, include, maxWorkers: 1, sequence: { groupOrder } },
	});
	return {
		// Vite would take graphql's ES module and Node its CommonJS one: two copies, whose types do not know each other.
		resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
		test: {
			// ONNX Runtime and TensorFlow are native libraries: a crash then ends one file, not the whole run.
			pool: "forks",
			// A test that trains takes seconds; one that takes a minute hangs.
			testTimeout: 60_000,
			hookTimeout: 60_000,
			// Starts nothing: a database server comes up when the first test asks for one.
			globalSetup: "packages/db/src/testing-setup.fixture.ts",
			reporters: ["default"],
			projects: [
				{
					extends: true,
					test: { name: "units", include: units, maxWorkers: Math.max(2, availableParallelism() - 1) },
				},
				alone("programs", ["tests/*.test.ts", "tests/{api,browser}/**/*.test.ts"], 1),
				alone("faults", ["tests/faults/**/*.test.ts"], 2),
				// What takes minutes is left to `npm run test:load`.
				alone("load", [`tests/load/**/*.${mode === "load" ? "{test,load}" : "test"}.ts`], 3),
			],
		},
	};
});
