/** The log of this process: JSON lines on standard error, each with the ids that tie it together, and no secret. */
import { type Logger, pino } from "pino";

/** Wherever a secret may stand in what is logged. */
const secret = ["authorization", "cookie", "token", "secret", "password", "set-cookie"].flatMap((name) => [
	`["${name}"]`,
	`*["${name}"]`,
	`*.*["${name}"]`,
]);
/** A token or the password of a database address, in any text. */
const inText = /mmp_[A-Za-z0-9_-]{20,}|(?<=\bpostgres(?:ql)?:\/\/[^:@/\s]*:)[^@\s]+(?=@)/g;

const clean = (text: string) => text.replace(inText, "[hidden]");

/** A logger; `runId` and `requestId` are given to its children. */
export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
	const options = {
		level,
		base: { pid: process.pid },
		redact: { paths: secret, censor: "[hidden]" },
	};
	return pino(options, { write: (line: string) => void destination.write(clean(line)) });
}
