/** Arguments and layout of `npm run tensorflow:build`; compiling needs a wheel of half a gigabyte, which tests do not have. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const script = resolve(import.meta.dirname, "../scripts/tensorflow-build.ts");
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-wheel-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(base: string, ...names: string[]) {
	for (const name of names) {
		await mkdir(dirname(join(folder, base, name)), { recursive: true });
		await writeFile(join(folder, base, name), "");
	}
}

function build(...args: string[]) {
	return spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env: { INIT_CWD: folder } });
}

const wheel = [
	"libtensorflow_cc.so.2",
	"libtensorflow_framework.so.2",
	"include/tensorflow/c/c_api.h",
	"include/tensorflow/c/eager/c_api.h",
	"include/tensorflow/core/platform/ctstring_internal.h",
];
const sources = ["package.json", "binding.gyp", "binding/tfjs_binding.cc"];

describe.runIf(process.platform === "linux")("building TensorFlow's binding", () => {
	test.each([
		["no folder", [], "One folder is needed"],
		["an unknown flag", ["--fast"], "--fast"],
	])("refuses %s with the usage", (_, args, message) => {
		const { status, stderr } = build(...args);
		expect(stderr).toContain(message);
		expect(stderr).toContain("Usage: npm run tensorflow:build");
		expect(status).toBe(2);
	});

	test("says of a folder that is not a wheel what it lacks", async () => {
		await files("tensorflow", ...wheel.slice(1));
		const { status, stderr } = build(".");
		expect(stderr).toMatch(/not-a-wheel: .* lacks libtensorflow_cc\.so\.2\./);
		expect(status).toBe(1);
		expect(build("nowhere").stderr).toContain("not-a-wheel: There is no folder");
	});

	test("says when the package has no sources", async () => {
		await files("tensorflow", ...wheel);
		expect(build(".", "--package", "nowhere").stderr).toMatch(/no-package: .*lacks package\.json/);
	});

	test("says when there is no compiler", async () => {
		await files("tensorflow", ...wheel);
		await files("package", ...sources);
		const { stderr } = spawnSync(process.execPath, [script, ".", "--package", "package"], {
			encoding: "utf8",
			env: { INIT_CWD: folder, PATH: folder },
		});
		expect(stderr).toContain("no-tool: A C++ compiler is needed");
	});

	test.each([".", "tensorflow"])("lays out headers and libraries from %s", async (argument) => {
		await files("tensorflow", ...wheel);
		await files("package", ...sources);
		await files("package/deps", "left-over");
		expect(build(argument, "--package", "package", "--prepare-only")).toMatchObject({ status: 0, stderr: "" });
		const tensorflow = join(folder, "tensorflow");
		const links = {
			include: join(tensorflow, "include"),
			lib: tensorflow,
			"link/libtensorflow.so": join(tensorflow, "libtensorflow_cc.so.2"),
			"link/libtensorflow_framework.so": join(tensorflow, "libtensorflow_framework.so.2"),
		};
		for (const [name, target] of Object.entries(links)) {
			expect(await readlink(join(folder, "package/deps", name))).toBe(target);
		}
		await expect(readlink(join(folder, "package/deps/left-over"))).rejects.toThrow("ENOENT");
	});
});
