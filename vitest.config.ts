import { defineConfig } from "vitest/config";

export default defineConfig({
	// Vite would take graphql's ES module and Node its CommonJS one: two copies, whose types do not know each other.
	resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
	test: {
		include: ["{packages,apps}/*/{src,bin}/**/*.test.ts", "studies/{src,bin}/**/*.test.ts", "tests/**/*.test.ts"],
		// ONNX Runtime and TensorFlow are native libraries: a crash then ends one file, not the whole run.
		pool: "forks",
		// A test that trains takes seconds; one that takes a minute hangs.
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Starts nothing: a database server comes up when the first test asks for one.
		globalSetup: "packages/db/src/testing-setup.fixture.ts",
		reporters: ["default"],
	},
});
