/** Answers in compressed form: files that a build compressed beforehand, and texts that are made for one caller. */
import { gzip } from "node:zlib";
import type { Request, RequestHandler, Response } from "express";

/** Endings that the dashboard's build writes, by the name of the form; the smallest is tried first. */
const forms = { br: ".br", gzip: ".gz" } as const;
const names = Object.keys(forms) as (keyof typeof forms)[];

/** Whether an address names a compressed file itself, which is nobody's to ask for. */
export const isCompressed = (path: string): boolean => names.some((name) => path.endsWith(forms[name]));

/**
 * Chooses the form of a file for one request and says so in the answer's headers.
 * @param isSafe whether a file is there and may be sent.
 * @returns the ending of the file to send; empty for the file as it is.
 */
export async function chooseForm(
	{ file, isSafe }: { readonly file: string; isSafe(file: string): Promise<boolean> },
	request: Request,
	response: Response,
): Promise<string> {
	const isThere = await Promise.all(names.map((name) => isSafe(file + forms[name])));
	const usable = names.filter((_, at) => isThere[at]);
	if (usable.length === 0) return "";
	response.vary("accept-encoding");
	const chosen = usable.find((name) => request.acceptsEncodings(name) !== false);
	if (chosen === undefined) return "";
	response.setHeader("content-encoding", chosen);
	return forms[chosen];
}

/** Characters below which a compressed answer saves no packet. */
const SHORTEST = 1024;

/** Gzips the texts that the routes behind it send, as quickly as can be: they are made anew for every caller. */
export const gzipTexts: RequestHandler = (request, response, next) => {
	const send = response.send.bind(response);
	response.send = (body: unknown) => {
		response.vary("accept-encoding");
		if (typeof body !== "string" || body.length < SHORTEST || request.acceptsEncodings("gzip") === false)
			return send(body);
		gzip(body, { level: 1 }, (error, packed) => {
			if (error) return next(error);
			response.setHeader("content-encoding", "gzip");
			send(packed);
		});
		return response;
	};
	next();
};
