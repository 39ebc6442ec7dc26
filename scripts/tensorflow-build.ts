/**
 * Builds the native part of @tensorflow/tfjs-node-gpu against the TensorFlow of a Python wheel, from unchanged sources.
 * Its own download is TensorFlow 2.9.1 for CUDA 11.2, which has no code for newer GPUs.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const usage = `Usage: npm run tensorflow:build -- FOLDER

FOLDER is an unpacked "tensorflow" (GPU) or "tensorflow-cpu" wheel for Linux, or the site-packages
folder it is installed in. The folder must stay where it is: the binding loads TensorFlow from there.
Needs a C++ compiler, make and Python 3. After dependencies were installed anew, run it again.

  --package DIR   the copy of tfjs-node-gpu to build in (default: the one in node_modules)
  --prepare-only  lay out headers and libraries, and stop before compiling
`;

type FaultCode =
	| "bad-arguments"
	| "unsupported-platform"
	| "not-a-wheel"
	| "no-package"
	| "no-tool"
	| "build-failed"
	| "load-failed";

class BuildError extends Error {
	readonly code: FaultCode;
	constructor(code: FaultCode, message: string) {
		super(message);
		this.code = code;
	}
}

const root = join(import.meta.dirname, "..");
const neededInWheel = [
	"libtensorflow_cc.so.2",
	"libtensorflow_framework.so.2",
	"include/tensorflow/c/c_api.h",
	"include/tensorflow/c/eager/c_api.h",
	"include/tensorflow/core/platform/ctstring_internal.h",
];

/** The `tensorflow` folder of a wheel: `folder` itself or the one in it. */
function findTensorflow(folder: string): string {
	if (!existsSync(folder)) throw new BuildError("not-a-wheel", `There is no folder ${folder}.`);
	const inner = join(folder, "tensorflow");
	const tensorflow = existsSync(join(folder, "libtensorflow_cc.so.2")) ? folder : inner;
	const missing = neededInWheel.filter((file) => !existsSync(join(tensorflow, file)));
	if (missing.length === 0) return tensorflow;
	throw new BuildError(
		"not-a-wheel",
		`${folder} is not an unpacked TensorFlow 2 wheel for Linux: ${tensorflow} lacks ${missing.join(", ")}.`,
	);
}

function findPackage(folder: string): string {
	const missing = ["package.json", "binding.gyp", "binding/tfjs_binding.cc"].filter(
		(file) => !existsSync(join(folder, file)),
	);
	if (missing.length === 0) return folder;
	throw new BuildError(
		"no-package",
		`${folder} is not @tensorflow/tfjs-node-gpu with its sources: it lacks ${missing.join(", ")}. It is an optional dependency; run npm ci.`,
	);
}

function requireTool(commands: readonly (string | undefined)[], what: string): void {
	const works = commands.some((command) => command && spawnSync(`${command} --version`, { shell: true }).status === 0);
	if (!works)
		throw new BuildError(
			"no-tool",
			`${what} is needed and was not found. Install it with the system's package manager.`,
		);
}

/**
 * What binding.gyp looks for. `deps/lib` is the wheel's own folder, so that TensorFlow finds the CUDA libraries that are
 * installed beside it; the names the linker asks for, which a wheel does not have, are in `deps/link`.
 */
function prepare(tensorflow: string, target: string): string {
	const deps = join(target, "deps");
	const link = join(deps, "link");
	rmSync(deps, { recursive: true, force: true });
	mkdirSync(link, { recursive: true });
	symlinkSync(join(tensorflow, "include"), join(deps, "include"));
	symlinkSync(tensorflow, join(deps, "lib"));
	symlinkSync(join(tensorflow, "libtensorflow_cc.so.2"), join(link, "libtensorflow.so"));
	symlinkSync(join(tensorflow, "libtensorflow_framework.so.2"), join(link, "libtensorflow_framework.so"));
	return link;
}

/** Node's headers come with its npm package; elsewhere they lie beside the executable, or node-gyp fetches them. */
function nodeHeaders(): readonly string[] {
	const folder = resolve(dirname(process.execPath), "..");
	return existsSync(join(folder, "include/node/node_api.h")) ? [`--nodedir=${folder}`] : [];
}

function build(target: string, link: string): void {
	requireTool([process.env.CXX, "c++", "g++", "clang++"], "A C++ compiler");
	requireTool([process.env.MAKE, "make", "gmake"], "make");
	requireTool([process.env.PYTHON, "python3", "python"], "Python 3");
	// The newest of the package's binary.napi_versions; its loader looks in the folder of that name.
	const napi = "8";
	const folder = join(target, "lib", `napi-v${napi}`);
	const gyp = fileURLToPath(import.meta.resolve("node-gyp/bin/node-gyp.js"));
	const variables = ["--module_name=tfjs_binding", `--module_path=${folder}`, `--napi_build_version=${napi}`];
	const libraries = [link, process.env.LIBRARY_PATH].filter(Boolean).join(":");
	const { status } = spawnSync(process.execPath, [gyp, "rebuild", ...nodeHeaders(), ...variables], {
		cwd: target,
		env: { ...process.env, LIBRARY_PATH: libraries },
		stdio: "inherit",
	});
	if (status !== 0) throw new BuildError("build-failed", `node-gyp ended with code ${status}; its messages are above.`);
}

/** Loads what was built in a process of its own and multiplies two matrices with it. */
function tryOut(target: string): void {
	const program = `
		require("node:util").isNullOrUndefined ??= (value) => value == null;
		const tf = require(${JSON.stringify(target)});
		const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0];
		if (product !== 11) throw new Error("1*3 + 2*4 came out as " + product);
		console.log("TensorFlow " + tf.backend().binding.TF_Version + " runs, " + (tf.backend().isUsingGpuDevice ? "on a GPU" : "on the CPU") + ".");
	`;
	const { status } = spawnSync(process.execPath, ["-e", program], {
		env: { TF_CPP_MIN_LOG_LEVEL: "1", ...process.env },
		stdio: "inherit",
	});
	if (status !== 0)
		throw new BuildError("load-failed", "The binding was built, but does not run; the reason is above.");
}

function main(): void {
	const { values, positionals } = readArguments();
	if (process.platform !== "linux") {
		throw new BuildError(
			"unsupported-platform",
			`Wheels with the needed libraries exist for Linux only; this is ${process.platform}.`,
		);
	}
	const [folder] = positionals;
	if (folder === undefined || positionals.length > 1)
		throw new BuildError("bad-arguments", `One folder is needed.\n\n${usage}`);
	const from = process.env.INIT_CWD ?? process.cwd();
	const tensorflow = findTensorflow(resolve(from, folder));
	const target = findPackage(
		values.package ? resolve(from, values.package) : join(root, "node_modules/@tensorflow/tfjs-node-gpu"),
	);
	const link = prepare(tensorflow, target);
	if (values["prepare-only"]) return;
	build(target, link);
	tryOut(target);
}

function readArguments() {
	try {
		const options = { package: { type: "string" }, "prepare-only": { type: "boolean" } } as const;
		return parseArgs({ options, allowPositionals: true });
	} catch (cause) {
		throw new BuildError("bad-arguments", `${(cause as Error).message}\n\n${usage}`);
	}
}

try {
	main();
} catch (error) {
	if (!(error instanceof BuildError)) throw error;
	console.error(`tensorflow:build: ${error.code}: ${error.message}`);
	process.exitCode = error.code === "bad-arguments" ? 2 : 1;
}
