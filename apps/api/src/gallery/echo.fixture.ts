/** Stands in for the gallery process: answers, sleeps or dies as the request's text says. */
import type { FromChild, RetrieveRequest, ToChild } from "./protocol.ts";

const say = (message: FromChild) => process.send?.(message);

process.on("message", ({ id, request }: ToChild) => {
	const { text } = request as RetrieveRequest;
	if (text === "die") process.exit(3);
	if (text === "fault") say({ id, fault: { message: "not like this", subject: "text" } });
	else if (text !== "sleep") say({ id, result: { items: [], targetRanks: [], milliseconds: Number(text) } });
});
process.on("disconnect", () => process.exit(0));
