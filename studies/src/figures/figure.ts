/** What a view gives: numbers in the shape of a table or a plot, for a dashboard to draw and a report to print. */
import type { Interval } from "../interval.ts";

/** A quantity along an axis or down a column. */
export interface Quantity {
	readonly title: string;
	/** share: in [0, 1]. rank: zero-based. distance: cosine distance. count and number: as they are. */
	readonly unit: "share" | "rank" | "distance" | "count" | "number";
	/** What an attacker wishes it to be; a defender wishes the opposite. null: neither cares. */
	readonly attackerWants: "high" | "low" | null;
}

/** A number over seeds beside the paper's; null where there is none. */
export interface Measured {
	readonly measured: Interval | null;
	/** By data set of the paper; empty where it gives none. */
	readonly published: Readonly<Partial<Record<"flickr-pascal" | "coco", number>>>;
}

export interface Table {
	readonly kind: "table";
	readonly columns: readonly (Quantity & { readonly name: string })[];
	readonly rows: readonly {
		readonly name: string;
		readonly title: string;
		/** Parallel to the columns. */
		readonly values: readonly Measured[];
	}[];
}

export interface Lines {
	readonly kind: "lines";
	readonly x: Quantity;
	readonly y: Quantity;
	readonly series: readonly {
		readonly name: string;
		readonly title: string;
		/** By ascending x. */
		readonly points: readonly { readonly x: number; readonly y: Interval }[];
	}[];
}

export interface Bars {
	readonly kind: "bars";
	readonly y: Quantity;
	/** Titles of the groups along the axis. */
	readonly groups: readonly string[];
	readonly series: readonly {
		readonly name: string;
		readonly title: string;
		/** Parallel to the groups. */
		readonly values: readonly Measured[];
	}[];
}

export interface HeatMap {
	readonly kind: "heat-map";
	readonly x: { readonly title: string; readonly values: readonly string[] };
	readonly y: { readonly title: string; readonly values: readonly string[] };
	readonly value: Quantity;
	/** `x` and `y` are places among the values; what was not measured is left out. */
	readonly cells: readonly { readonly x: number; readonly y: number; readonly value: Interval }[];
}

export interface Scatter {
	readonly kind: "scatter";
	readonly x: Quantity;
	readonly y: Quantity;
	readonly points: readonly {
		readonly title: string;
		readonly group: string;
		readonly x: Interval;
		readonly y: Interval;
	}[];
}

export interface Histogram {
	readonly kind: "histogram";
	readonly x: Quantity;
	/** Ends of the first and the last bin. */
	readonly minimum: number;
	readonly maximum: number;
	/** Share of each group in every bin; as many bins in each. */
	readonly series: readonly { readonly name: string; readonly title: string; readonly shares: readonly number[] }[];
	/** Vertical lines, such as a filter's threshold. */
	readonly marks: readonly { readonly title: string; readonly x: number }[];
}

export type Figure = Table | Lines | Bars | HeatMap | Scatter | Histogram;
