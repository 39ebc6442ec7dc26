/** A sweep's grid as its row keeps it: the axes, and for every cell the runs it stands for and its place on each axis. */
import type { SweepGrid as Stored } from "@mithridate/db";
import type { Plan } from "./sweep.ts";

/** Letters of the group hash that are kept: enough to tell 2,000 cells apart. */
const HASH_LETTERS = 16;

export interface ReadGrid {
	readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
	/** Place on every axis but the seed, by group hash. */
	coordinatesOf(groupHash: string): { readonly axis: string; readonly value: string }[] | null;
}

/** The grid of a plan for the study's row. */
export function storedGrid({ axes, cells }: Pick<Plan, "axes" | "cells">): Stored {
	const places = cells.map(({ groupHash, coordinates }) => [
		groupHash.slice(0, HASH_LETTERS),
		...coordinates.map(({ axis, value }) => axes.find(({ name }) => name === axis)?.values.indexOf(value) ?? 0),
	]);
	// As lists: the database does not keep the order of an object's keys.
	return { axes, cells: places };
}

/** Reads it back; a study put together by hand has neither axes nor places. */
export function readGrid(stored: Stored | null): ReadGrid {
	const axes = (stored?.axes ?? []) as ReadGrid["axes"];
	const places = (stored?.cells ?? []) as readonly (readonly [string, ...number[]])[];
	const varied = axes.filter(({ name }) => name !== "seed");
	const byHash = new Map(places.map(([hash, ...at]) => [hash, at]));
	return {
		axes,
		coordinatesOf(groupHash) {
			const at = byHash.get(groupHash.slice(0, HASH_LETTERS));
			if (at === undefined) return null;
			return varied.map(({ name, values }, axis) => ({ axis: name, value: values[at[axis] as number] ?? "" }));
		},
	};
}
