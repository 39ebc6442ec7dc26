/** Imports a data set as its owner distributes it into a stored version: resumable, all or nothing, the same bytes each time. */
import { createHash } from "node:crypto";
import { mkdir, realpath } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";
import { z } from "zod";
import { MithridateError, throwIfAborted } from "../errors.ts";
import { Random } from "../random.ts";
import type { ProgressEvent } from "../types.ts";
import { ImageSettings } from "./images/decode.ts";
import { type Decoder, openDecoder } from "./images/decoder.ts";
import { checkRow } from "./importers/check-row.ts";
import { type BadRow, badRow, type ImportedRow, type Importer } from "./importers/importer.ts";
import * as importers from "./importers/index.ts";
import { takeLock } from "./versions/lock.ts";
import { type SealedVersion, sealWork } from "./versions/seal.ts";
import { discardWork, type Entry, openWork, pixelsHash, type Work } from "./versions/work.ts";

export type ImportKind = keyof typeof importers;

/** What to import and how; `params` are those of the kind. */
export interface ImportRequest {
	readonly kind: string;
	readonly path: string;
	readonly params?: unknown;
	/** How images are stored. */
	readonly images?: z.input<typeof ImageSettings>;
	/** Decides every draw of the importer. */
	readonly seed?: number;
	/** Trusted images whose look differs from a test image's in at most so many of 64 bits are left out; 0 to 32. */
	readonly duplicateBits?: number;
	/** Where versions are kept, each in a folder named by its hash. */
	readonly folder: string;
	/** Decoder processes; one for each core unless given. */
	readonly processes?: number;
	readonly signal?: AbortSignal | undefined;
	/** Folder that `path` must not lead out of; any readable path where it is left out. */
	readonly within?: string | undefined;
}

export type ImportEvent = ProgressEvent | BadRow;

/** What any import is told besides the parameters of its kind. */
export const ImportOptions = z.strictObject({
	images: ImageSettings.prefault({}).describe("How images are stored."),
	seed: z.int().min(0).default(42).describe("Decides every draw of labels and splits."),
	duplicateBits: z
		.int()
		.min(0)
		.max(32)
		.default(6)
		.describe("Trusted images are left out whose look differs from a test image's in at most so many of 64 bits."),
});

/** Images asked of each decoder process at once: enough that none waits, few enough that memory stays bounded. */
const aheadPerProcess = 4;
/** Items between two progress events. */
const progressEvery = 64;

/** The settled form of one item: what the journal keeps, and the pixels beside it. */
interface Settled {
	readonly entry: Entry;
	readonly pixels?: Uint8Array;
}

interface Plan extends z.output<typeof ImportOptions> {
	readonly kind: string;
	readonly importer: Importer;
	readonly path: string;
	readonly params: unknown;
	readonly processes: number;
	readonly signal: AbortSignal | undefined;
}

/**
 * Imports a set. Yields progress (`total` is 0 while unknown) and every bad row; returns the version once it is whole.
 * After an interruption of any kind the same call goes on where it stopped, and ends with the same hash.
 * @throws MithridateError `invalid-config`, `invalid-data`, `unwritable`, `aborted`, `runtime-unavailable`.
 */
export async function* importDataset(request: ImportRequest): AsyncGenerator<ImportEvent, SealedVersion> {
	const plan = await checkRequest(request);
	const { folder } = request;
	const { kind, params, images, seed, duplicateBits } = plan;
	const workFolder = workFolderOf(plan, folder);
	try {
		await mkdir(folder, { recursive: true });
		const unlock = await takeLock(`${workFolder}.lock`);
		try {
			const begun = { work: await openWork(workFolder, images) };
			try {
				yield* fill(plan, begun);
				return yield* sealWork(begun.work, folder, { kind, params, images, seed, duplicateBits });
			} finally {
				await begun.work.close();
			}
		} finally {
			await unlock();
		}
	} catch (error) {
		throw unwritable(error, folder);
	}
}

/** Throws away what an interrupted import of this request had done. */
export async function discardImport(request: ImportRequest): Promise<void> {
	const workFolder = workFolderOf(await checkRequest(request), request.folder);
	const unlock = await takeLock(`${workFolder}.lock`);
	await discardWork(workFolder);
	await unlock();
}

function workFolderOf({ kind, path, params, images, seed }: Plan, folder: string): string {
	const key = createHash("sha256")
		.update(JSON.stringify([kind, path, params, images, seed]))
		.digest("hex")
		.slice(0, 16);
	return join(folder, `.import-${key}`);
}

async function checkRequest(request: ImportRequest): Promise<Plan> {
	const { kind, path, signal, processes = availableParallelism() } = request;
	const importer = (Object.hasOwn(importers, kind) ? importers[kind as ImportKind] : undefined) as Importer | undefined;
	if (importer === undefined) {
		const message = `There is no importer "${kind}"; there are ${Object.keys(importers).join(", ")}.`;
		throw new MithridateError("invalid-config", message, { subject: "kind" });
	}
	const common = ImportOptions.safeParse({
		...(request.images && { images: request.images }),
		...(request.seed !== undefined && { seed: request.seed }),
		...(request.duplicateBits !== undefined && { duplicateBits: request.duplicateBits }),
	});
	const params = importer.params.safeParse(request.params ?? {});
	const fault = [params, common].find((parsed) => !parsed.success)?.error?.issues[0];
	if (!common.success || !params.success) {
		const subject = fault!.path.join(".") || "params";
		throw new MithridateError("invalid-config", `${kind} import, ${subject}: ${fault!.message}`, { subject });
	}
	let real: string;
	try {
		real = await realpath(path);
	} catch (cause) {
		throw new MithridateError(
			"invalid-data",
			`There is nothing at ${path}; give the folder or file that holds the set.`,
			{
				subject: path,
				cause,
			},
		);
	}
	if (request.within !== undefined) await checkWithin(request.within, { path, real });
	return { ...common.data, kind, importer, path: real, params: params.data, processes, signal };
}

/** Links are followed first: where the path leads is what counts. */
async function checkWithin(root: string, { path, real }: { path: string; real: string }): Promise<void> {
	const folder = await realpath(root).catch(() => null);
	if (folder !== null && (real === folder || real.startsWith(folder + sep))) return;
	const message = `${path} does not lie in ${root}, the only folder that may be imported from; put the set there.`;
	throw new MithridateError("invalid-data", message, { subject: path });
}

/** Fills the work with every item of the source; begins anew when the source is no longer what the journal says. */
async function* fill(plan: Plan, begun: { work: Work }): AsyncGenerator<ImportEvent, void> {
	const { images, processes } = plan;
	const decoder = openDecoder(images, { processes });
	try {
		if (yield* settleAll(plan, begun.work, decoder)) return;
		const { folder } = begun.work;
		await begun.work.close();
		await discardWork(folder);
		begun.work = await openWork(folder, images);
		yield* settleAll(plan, begun.work, decoder);
	} finally {
		decoder.close();
	}
}

/** Reads, decodes and stores what is not done yet, in order; false when the source has changed since. */
async function* settleAll(plan: Plan, work: Work, decoder: Decoder): AsyncGenerator<ImportEvent, boolean> {
	const { kind, importer, path, params, seed, processes, signal } = plan;
	const stage = `importing ${kind}`;
	const ids = new Set<string>();
	const ahead: Promise<Settled>[] = [];
	let total = 0;
	let seen = 0;
	let settled = work.done.length;

	const settleFirst = async function* (): AsyncGenerator<ImportEvent, void> {
		const { entry, pixels } = await ahead.shift()!;
		await work.add(entry, pixels);
		settled++;
		if ("bad" in entry) yield entry.bad;
		if (settled % progressEvery === 0) yield { type: "progress", stage, done: settled, total };
		throwIfAborted(signal);
	};

	for await (const item of importer.read(path, params, { random: new Random(seed).split(kind), signal })) {
		if (item.type === "total") {
			total = item.rows;
			yield { type: "progress", stage, done: settled, total };
			continue;
		}
		const checked = checkRow(item, ids);
		const key = keyOf(checked);
		const before = work.done[seen++];
		if (before !== undefined) {
			if (before.key !== key || before.length !== (await lengthOf(checked))) return false;
			continue;
		}
		const next = settle(checked, key, decoder);
		// It is awaited in its turn; until then a failure is not unhandled.
		next.catch(() => {});
		ahead.push(next);
		if (ahead.length >= processes * aheadPerProcess) yield* settleFirst();
	}
	if (seen < work.done.length) return false;
	while (ahead.length > 0) yield* settleFirst();
	yield { type: "progress", stage, done: settled, total: settled };
	return true;
}

/** What an item must still say for its journal entry to hold. */
function keyOf(item: ImportedRow | BadRow): string {
	const told =
		item.type === "row"
			? [item.id, item.split, item.label, item.captions]
			: [item.file, item.row, item.column, item.reason];
	return createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 16);
}

/** Bytes of the encoded image; null when there is none. */
async function lengthOf(item: ImportedRow | BadRow): Promise<number | null> {
	return item.type === "row" ? item.image.length().catch(() => null) : null;
}

async function settle(item: ImportedRow | BadRow, key: string, decoder: Decoder): Promise<Settled> {
	if (item.type === "bad-row") return { entry: { key, length: null, bad: item } };
	const { file, row, id, split, label, captions } = item;
	const place = { file, row };
	let bytes: Uint8Array;
	try {
		bytes = await item.image.load();
	} catch (error) {
		return { entry: { key, length: await lengthOf(item), bad: badRow(error, place) } };
	}
	const decoded = await decoder.decode(bytes);
	const { length } = bytes;
	if ("fault" in decoded) {
		const detail = `the image of "${id.slice(0, 200)}": ${decoded.detail}`;
		const bad: BadRow = { type: "bad-row", ...place, reason: decoded.fault, detail };
		return { entry: { key, length, bad } };
	}
	const { pixels, look } = decoded;
	const hash = pixelsHash(pixels);
	return { entry: { key, length, ...place, id, split, label, captions: [...captions], pixels: hash, look }, pixels };
}

/** A full disk or a folder without permission, told so that it can be mended. */
function unwritable(error: unknown, folder: string): unknown {
	const { code, message } = error as NodeJS.ErrnoException;
	if (
		error instanceof MithridateError ||
		!["ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code ?? "")
	)
		return error;
	return new MithridateError(
		"unwritable",
		`The import cannot be written to ${folder}: ${message}. Make room or choose another folder; the same command then goes on where it stopped.`,
		{ subject: folder, cause: error },
	);
}
