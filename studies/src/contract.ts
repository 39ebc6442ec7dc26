/** The contract of a study: what is run, what is shown and what is claimed, all of it a pure function of observations. */
import type { ExperimentInput } from "@mithridate/engine";
import type { Figure } from "./figures/figure.ts";
import type { Verdict } from "./verdict.ts";

/** The data sets that a study runs on; the real ones are imported first (`npm run datasets`). */
export const DATASETS = ["emoji-pascal", "flickr-pascal", "coco"] as const;
export type DatasetName = (typeof DATASETS)[number];

/** Where and how much a study runs; everything else is the study's own. */
export interface StudySetting {
	readonly dataset: DatasetName;
	/** Folder of the imported data set; left out for emoji-PASCAL, which is made. */
	readonly folder?: string | undefined;
	/** Checkpoints for the real data sets; left out: the ones shipped. */
	readonly checkpoints?: { readonly start: string; readonly reference: string } | undefined;
	readonly seeds: readonly number[];
	/** sampled: few points, for a CPU. whole: all that the paper has. */
	readonly scale: "sampled" | "whole";
}

/** An experiment without its seeds, which the setting gives. */
export type CellConfig = Omit<ExperimentInput, "seeds">;

/** One configuration of a study, repeated with every seed. */
export interface Cell {
	/** Unique within the study; stays the same on every data set. */
	readonly name: string;
	/** Place on the study's axes, axis to value, both for people. */
	readonly coordinates: Readonly<Record<string, string>>;
	readonly config: CellConfig;
	/** Instead of the setting's, where cells themselves are the repetitions. */
	readonly seeds?: readonly number[];
	/** Models whose measurements within training (`evaluation.probes`) a view needs, e.g. "poisoned". */
	readonly curves?: readonly string[];
}

/** What a filter did, beside the truth. Database: a row of `defense_reports`. */
export interface FilterObservation {
	readonly threshold: number;
	readonly auroc: number | null;
	readonly kept: number;
	readonly removed: number;
	readonly poisonLeft: number;
	readonly cleanLost: number;
	/** Counts of scores in bins of equal width between the two ends; as many bins as the recorder chose. */
	readonly histogram: {
		readonly minimum: number;
		readonly maximum: number;
		readonly clean: readonly number[];
		readonly poisoned: readonly number[];
	};
}

/** One goal of an attack with several. Database: the text-to-image entry of `evaluations.goals`. */
export interface GoalObservation {
	/** `from` and `to` joined by a 2, such as sheep2aeroplane. */
	readonly goal: string;
	/** Hit@K, keyed `hit@10`, of class-A captions and of random ones. */
	readonly hits: Readonly<Record<string, number>>;
	readonly randomHits: Readonly<Record<string, number>>;
	readonly minRank: number;
}

/** One measurement of one model: all that views and claims see. */
export interface Observation {
	/** Name of the cell, unique within the study. */
	readonly cell: string;
	readonly coordinates: Readonly<Record<string, string>>;
	readonly seed: number;
	/** base, clean, poisoned, or a defense's outcome: filtered, cured, ... */
	readonly model: string;
	/** Steps done when it was measured; null after training. Database: `evaluations.step`. */
	readonly step: number | null;
	/** Steps of the whole training; null after training. Database: the step of the stage's model checkpoint. */
	readonly steps: number | null;
	/** Every number of every metric, as the engine names them. Database: `evaluations.numbers`. */
	readonly numbers: Readonly<Record<string, number>>;
	/** Attacks with one goal may leave it out. */
	readonly goals?: readonly GoalObservation[] | undefined;
	/** With the outcome of a defense that filters. */
	readonly filter?: FilterObservation | undefined;
	/** Poisoned share of the training samples; left out where it is not known. */
	readonly poisonShare?: number | undefined;
}

/** A number of the paper, at a place of one of its tables. */
export interface Published {
	readonly dataset: Exclude<DatasetName, "emoji-pascal">;
	/** Names of a row and a column of the study's table. */
	readonly row: string;
	readonly column: string;
	readonly value: number;
}

/** Something drawn or tabulated. Figures of no observations are empty, never an error. */
export interface View {
	/** Unique within the study. */
	readonly name: string;
	readonly title: string;
	show(observations: readonly Observation[], setting: StudySetting): Figure;
}

/** A sentence that the data can support or refute. */
export interface Claim {
	/** Unique within the study. */
	readonly name: string;
	/** States the claim with its bound. */
	readonly sentence: string;
	/** paper: it found this. project: the platform promises it of emoji-PASCAL. */
	readonly origin: "paper" | "project";
	test(observations: readonly Observation[], setting: StudySetting): Verdict;
}

/** One table or figure of the paper, or a question beyond it. */
export interface StudyDefinition {
	/** As on the command line: kebab-case. */
	readonly name: string;
	readonly title: string;
	/** Where it comes from, such as "Table 4". */
	readonly source: string;
	readonly question: string;
	/** What the paper found, in our words; null beyond the paper. */
	readonly finding: string | null;
	/** What is held fixed while the axes vary. */
	readonly fixed: string;
	readonly refutedBy: string;
	/** Empty where the study has no meaning on that data set. */
	cells(setting: StudySetting): readonly Cell[];
	readonly published: readonly Published[];
	readonly views: readonly View[];
	readonly claims: readonly Claim[];
}
