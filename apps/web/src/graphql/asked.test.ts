import { parse } from "graphql";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { askedBefore, askedHere, noteAsked } from "./asked.ts";

const at = (pathname: string) => vi.stubGlobal("window", { location: { pathname } });
const ask = (name: string, variables: Record<string, unknown>, kind: "query" | "mutation" = "query") =>
	noteAsked({ kind, query: parse(`${kind} ${name} { field }`), variables });
const names = (list: ReturnType<typeof askedHere>) => list.map(({ name, variables }) => [name, variables]);

let visits = 0;

describe("what a page has asked", () => {
	beforeEach(() => {
		visits += 1;
		at(`/start-${visits}`);
		ask("Other", {});
		at("/runs");
		ask("Runs", { first: 10 });
	});
	it("is kept once per name, with the newest variables; mutations are not questions", () => {
		ask("Runs", { first: 20 });
		ask("StartRun", {}, "mutation");
		expect(names(askedHere())).toEqual([["Runs", { first: 20 }]]);
	});
	it("becomes what was before when another page asks", () => {
		at("/api");
		expect(askedHere()).toEqual([]);
		ask("Tokens", {});
		expect([names(askedHere()), names(askedBefore())]).toEqual([[["Tokens", {}]], [["Runs", { first: 10 }]]]);
	});
});
