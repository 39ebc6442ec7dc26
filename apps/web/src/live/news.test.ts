import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gatherNews } from "./news.ts";

describe("news", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("is heard at once, and at most once in each stretch however much of it there is", () => {
		const heard: number[] = [];
		const news = gatherNews(() => heard.push(Date.now()), 1000);
		const began = Date.now();
		for (let at = 0; at < 350; at++) {
			news.tell();
			vi.advanceTimersByTime(10);
		}
		vi.advanceTimersByTime(5000);
		expect(heard.map((time) => time - began)).toEqual([0, 1000, 2000, 3000, 4000]);
	});

	it("that comes last is never left unheard", () => {
		let heard = 0;
		const news = gatherNews(() => (heard += 1), 1000);
		news.tell();
		vi.advanceTimersByTime(999);
		news.tell();
		vi.advanceTimersByTime(1);
		expect(heard).toBe(2);
		vi.advanceTimersByTime(60_000);
		expect(heard).toBe(2);
	});

	it("is not heard any more after the end", () => {
		let heard = 0;
		const news = gatherNews(() => (heard += 1), 1000);
		news.tell();
		news.tell();
		news.stop();
		vi.advanceTimersByTime(5000);
		expect(heard).toBe(1);
	});
});
