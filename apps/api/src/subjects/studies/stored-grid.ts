/**
 * A sweep's grid as its row keeps it: the axes, for every cell the runs it stands for and its place on each axis, and what
 * it was planned from, so that it can be planned again.
 */
import type { SweepGrid as Stored } from "@mithridate/db";
import type { Grid, Plan } from "./sweep.ts";

/** Letters of the group hash that are kept: enough to tell 2,000 cells apart. */
const HASH_LETTERS = 16;

/** What a sweep is planned from. */
export interface SweepSource {
	readonly config: object;
	readonly grid: Grid;
}

type Coordinates = readonly { readonly axis: string; readonly value: string }[];

export interface ReadGrid {
	readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
	readonly seeds: readonly number[];
	/** Every cell by the kept letters of its group hash, with its place on every axis but the seed. */
	readonly cells: ReadonlyMap<string, Coordinates>;
	/** Null where the study is no sweep, or was started before sources were kept. */
	readonly source: SweepSource | null;
	/** Place on every axis but the seed, by group hash. */
	coordinatesOf(groupHash: string): Coordinates | null;
}

/** What a grid keeps of a group hash. */
export const keptOf = (groupHash: string): string => groupHash.slice(0, HASH_LETTERS);

/** The grid of a plan for the study's row. */
export function storedGrid({ axes, cells }: Pick<Plan, "axes" | "cells">, { config, grid }: SweepSource): Stored {
	const places = cells.map(({ groupHash, coordinates }) => [
		keptOf(groupHash),
		...coordinates.map(({ axis, value }) => axes.find(({ name }) => name === axis)?.values.indexOf(value) ?? 0),
	]);
	// As lists: the database does not keep the order of an object's keys.
	return { axes, cells: places, source: [config, grid] };
}

/** Reads it back; a study put together by hand has neither axes nor places. */
export function readGrid(stored: Stored | null): ReadGrid {
	const axes = (stored?.axes ?? []) as ReadGrid["axes"];
	const places = (stored?.cells ?? []) as readonly (readonly [string, ...number[]])[];
	const [config, grid] = (stored?.source ?? []) as readonly [object, Grid] | readonly [];
	const varied = axes.filter(({ name }) => name !== "seed");
	const cells = new Map(
		places.map(([hash, ...at]) => [
			hash,
			varied.map(({ name, values }, axis) => ({ axis: name, value: values[at[axis] as number] ?? "" })),
		]),
	);
	return {
		axes,
		seeds: axes.find(({ name }) => name === "seed")?.values.map(Number) ?? [],
		cells,
		source: config && grid ? { config, grid } : null,
		coordinatesOf: (groupHash) => cells.get(keptOf(groupHash)) ?? null,
	};
}
