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
