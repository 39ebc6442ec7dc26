import { expect, it } from "vitest";
import { toCsv } from "./export.ts";

it("quotes cells that would break a row, and leaves an empty cell for nothing", () => {
	expect(
		toCsv([
			["step", 'a "b", c'],
			[1, null],
			[2, "x\ny"],
		]),
	).toBe('step,"a ""b"", c"\r\n1,\r\n2,"x\ny"\r\n');
});

it("lets no text be a formula, and numbers be numbers", () => {
	expect(toCsv([["=1+1", "@SUM(A1)", "-2+3", -2, "a=b"]])).toBe("'=1+1,'@SUM(A1),'-2+3,-2,a=b\r\n");
});
