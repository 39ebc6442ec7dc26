/** The runs of a sweep's plan, as they are queued. */
import type { NewRun } from "@mithridate/db";
import { title } from "../../typed-config/parameters.ts";
import { goalsLabel } from "../runs/goals-label.ts";
import type { Plan } from "./sweep.ts";

/** Seed by seed, so that every cell has its first result early. */
export function runsOfSweep({ cells }: Pick<Plan, "cells">, priority: number): NewRun[] {
	const seeds = cells[0]?.configs.length ?? 0;
	return Array.from({ length: seeds }, (_, at) =>
		cells.map(({ configs, coordinates }) => {
			const config = configs[at] as (typeof configs)[number];
			const label = goalsLabel(config);
			const place = coordinates.map(({ value }) => value).join(", ");
			return {
				name: place || [title(config.attack.name), label].filter(Boolean).join(": "),
				config,
				goalsLabel: label,
				priority,
			};
		}),
	).flat();
}
