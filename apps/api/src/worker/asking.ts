/** The trainer's end of the channel: questions that resolve with the supervisor's answer. */
import type { FromTrainer, Question, Questions, ToTrainer } from "./protocol.ts";

/** Asks the supervisor one thing and waits for its answer. */
export type Ask = <Kind extends keyof Questions>(
	kind: Kind,
	ask: Questions[Kind]["ask"],
) => Promise<Questions[Kind]["answer"]>;

export interface Channel {
	readonly ask: Ask;
	/** Says something that needs no answer. */
	tell(message: Exclude<FromTrainer, Question>): Promise<void>;
}

/** Opens the channel of a forked process; whatever is no answer goes to `onMessage`. */
export function openChannel(onMessage: (message: Exclude<ToTrainer, { type: "answer" }>) => void): Channel {
	const waiting = new Map<number, (value: never) => void>();
	let last = 0;
	process.on("message", (message: ToTrainer) => {
		if (message.type !== "answer") return onMessage(message);
		waiting.get(message.request)?.(message.value as never);
		waiting.delete(message.request);
	});
	const tell = (message: FromTrainer) =>
		new Promise<void>((sent, fail) => {
			process.send!(message, undefined, undefined, (error) => (error ? fail(error) : sent()));
		});
	return {
		tell,
		ask: (kind, ask) =>
			new Promise((resolve, reject) => {
				const request = ++last;
				waiting.set(request, resolve);
				tell({ type: "ask", kind, request, ask } as Question).catch(reject);
			}),
	};
}
