/** A trainer or importer as its supervisor sees it: a child process with a channel, and the last words it said. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { constants, getPriority, setPriority } from "node:os";
import { join } from "node:path";
import type { Exit } from "./exits.ts";
import type { FromTrainer, ToTrainer } from "./protocol.ts";

export interface TrainerSettings {
	/** The only environment variables it sees: none of the worker's secrets. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Node's options. */
	readonly execArgv: readonly string[];
}

export interface WorkingProcess<Message> {
	readonly pid: number | undefined;
	/** Resolves when it is gone and all it had sent was handed out. */
	readonly exit: Promise<Exit>;
	send(message: Message): void;
	/** Ends it at once. */
	kill(): void;
	/** Lets it end. */
	close(): void;
}

/** Characters of standard error that are kept. */
const LAST_WORDS = 4000;

/** Starts a trainer. */
export function startTrainer(
	settings: TrainerSettings,
	on: { message(message: FromTrainer): void; text(text: string): void },
): WorkingProcess<ToTrainer> {
	return startProcess("trainer.ts", settings, on);
}

/** Starts a program of this folder. What it writes to its outputs goes to `on.text`, messages to `on.message` in order. */
export function startProcess<From, To extends object>(
	program: string,
	{ env, execArgv }: TrainerSettings,
	on: { message(message: From): void; text(text: string): void },
): WorkingProcess<To> {
	const child = fork(join(import.meta.dirname, program), [], {
		serialization: "advanced",
		execArgv: ["--disable-warning=ExperimentalWarning", ...execArgv],
		env: env as NodeJS.ProcessEnv,
		stdio: ["ignore", "pipe", "pipe", "ipc"],
	});
	if (child.pid !== undefined) giveWay(child.pid);
	let lastWords = "";
	for (const output of [child.stdout, child.stderr])
		output?.setEncoding("utf8").on("data", (text: string) => {
			if (output === child.stderr) lastWords = (lastWords + text).slice(-LAST_WORDS);
			on.text(text);
		});
	child.on("message", (message) => on.message(message as From));
	// A failure to start or to send: the exit tells of it.
	child.on("error", (error) => on.text(`${error.message}\n`));
	return {
		pid: child.pid,
		exit: exitOf(child).then((exit) => ({ ...exit, lastWords })),
		send(message) {
			if (child.connected) child.send(message);
		},
		kill: () => void child.kill("SIGKILL"),
		close() {
			if (child.connected) child.disconnect();
		},
	};
}

/** Training takes what is left of the processor: whoever looks at it is answered first. */
function giveWay(pid: number): void {
	try {
		setPriority(pid, Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
	} catch (error) {
		// It has ended already, which its exit tells of.
		if ((error as { info?: { code?: string } }).info?.code !== "ESRCH") throw error;
	}
}

async function exitOf(child: ChildProcess): Promise<Pick<Exit, "code" | "signal">> {
	// Not the `close` event, which never comes once this side has closed the channel.
	const [[code, signal]] = await Promise.all([
		once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
		once(child, "disconnect"),
		...[child.stdout, child.stderr].map((output) => output && once(output, "close")),
	]);
	return { code, signal };
}
