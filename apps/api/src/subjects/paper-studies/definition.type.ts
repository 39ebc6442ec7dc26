/** Studies of the paper as they are defined: what is asked, claimed and shown, before anything is run. */
import type { StudyDefinition as Definition, StudySetting as Setting } from "@mithridate/studies";
import { Field, Float, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { Interval, StudyDataset, StudyFigure } from "./figure.type.ts";

const StudyScale = { SAMPLED: "sampled", WHOLE: "whole" } as const;

registerEnumType(StudyScale, {
	name: "StudyScale",
	description: "How much of a study's axes is run.",
	valuesConfig: {
		SAMPLED: { description: "A few points of each axis, for a CPU." },
		WHOLE: { description: "All that the paper has." },
	},
});

const ClaimOrigin = { PAPER: "paper", PROJECT: "project" } as const;

registerEnumType(ClaimOrigin, {
	name: "ClaimOrigin",
	description: "Who claims it.",
	valuesConfig: {
		PAPER: { description: "The paper found it." },
		PROJECT: { description: "This platform promises it of emoji-PASCAL." },
	},
});

const VerdictOutcome = { SUPPORTED: "supported", REFUTED: "refuted", UNDECIDED: "undecided" } as const;

registerEnumType(VerdictOutcome, {
	name: "VerdictOutcome",
	description: "What the data says of a claim.",
	valuesConfig: {
		SUPPORTED: { description: "The whole interval of the effect satisfies the claim's bound." },
		REFUTED: { description: "No part of it does." },
		UNDECIDED: { description: "Part of it does, or there are fewer than two repetitions." },
	},
});

@ObjectType({ simpleResolvers: true, description: "A sentence that data can support or refute." })
export class StudyClaim {
	@Field(() => String, { description: "Its name, unique in the study." })
	name!: string;

	@Field(() => String, { description: "What is claimed." })
	sentence!: string;

	@Field(() => ClaimOrigin, { description: "Who claims it." })
	origin!: string;
}

@ObjectType({ simpleResolvers: true, description: "What an effect must be for its claim to hold." })
export class ClaimBound {
	@Field(() => Float, { nullable: true, description: "Not below this." })
	atLeast?: number | null;

	@Field(() => Float, { nullable: true, description: "Above this." })
	moreThan?: number | null;

	@Field(() => Float, { nullable: true, description: "Not above this." })
	atMost?: number | null;
}

@ObjectType({ simpleResolvers: true, description: "A number that a verdict rests on." })
export class VerdictEvidence {
	@Field(() => String, { description: "What it is." })
	title!: string;

	@Field(() => Interval, { description: "The number over repetitions." })
	value!: Interval;
}

@ObjectType({ simpleResolvers: true, description: "A claim held against what was measured, paired over seeds." })
export class StudyVerdict {
	@Field(() => StudyClaim, { description: "The claim." })
	claim!: StudyClaim;

	@Field(() => VerdictOutcome, { description: "What the data says of it." })
	outcome!: string;

	@Field(() => String, { description: "What was compared." })
	quantity!: string;

	@Field(() => Interval, { nullable: true, description: "The effect with its interval and N; null while unmeasured." })
	effect!: Interval | null;

	@Field(() => ClaimBound, { description: "What the effect must be." })
	bound!: ClaimBound;

	@Field(() => [VerdictEvidence], { description: "The numbers that the effect comes from." })
	evidence!: readonly VerdictEvidence[];
}

@ObjectType({ simpleResolvers: true, description: "A table or plot that a study shows." })
export class StudyViewName {
	@Field(() => String, { description: "Its name, unique in the study." })
	name!: string;

	@Field(() => String, { description: "Its name for people." })
	title!: string;
}

@ObjectType({ simpleResolvers: true, description: "A table or plot of a study, filled with what was measured so far." })
export class StudyView extends StudyViewName {
	@Field(() => StudyFigure, { description: "What it shows." })
	figure!: typeof StudyFigure;
}

@ObjectType({ description: "A study of the paper, or beyond it, that can be started." })
export class StudyDefinition {
	/** What the package of studies says of it. */
	readonly definition: Definition;

	@Field(() => String, { simple: true, description: "Its name, as commands take it." })
	readonly name: string;

	@Field(() => String, { simple: true, description: "Its name for people." })
	readonly title: string;

	@Field(() => String, { simple: true, description: "Where it comes from, for instance a table of the paper." })
	readonly source: string;

	@Field(() => String, { simple: true, description: "What it asks." })
	readonly question: string;

	@Field(() => String, { simple: true, nullable: true, description: "What the paper found; null beyond the paper." })
	readonly finding: string | null;

	@Field(() => String, { simple: true, description: "What is held fixed while its axes vary." })
	readonly fixed: string;

	@Field(() => String, { simple: true, description: "What would refute it." })
	readonly refutedBy: string;

	@Field(() => [StudyClaim], { simple: true, description: "What is claimed of its results." })
	readonly claims: readonly StudyClaim[];

	@Field(() => [StudyViewName], { simple: true, description: "What it shows." })
	readonly views: readonly StudyViewName[];

	constructor(definition: Definition) {
		this.definition = definition;
		this.name = definition.name;
		this.title = definition.title;
		this.source = definition.source;
		this.question = definition.question;
		this.finding = definition.finding;
		this.fixed = definition.fixed;
		this.refutedBy = definition.refutedBy;
		this.claims = definition.claims.map(({ name, sentence, origin }) => ({ name, sentence, origin }));
		this.views = definition.views.map(({ name, title }) => ({ name, title }));
	}
}

@InputType({ description: "Checkpoints other than the ones shipped, as folders on the server." })
export class StudyCheckpointsInput {
	@Field(() => String, { description: "Model that training starts from." })
	start!: string;

	@Field(() => String, { description: "Another model, which filters score with." })
	reference!: string;
}

/** What is taken where no setting is given; GraphQL fills in the fields of one that is. */
const usualSetting = { dataset: StudyDataset.EMOJI_PASCAL, seeds: [1, 2, 3], scale: StudyScale.SAMPLED };
export const settingArgument = { defaultValue: usualSetting, description: "On what, and how much of it." } as const;

@InputType({ description: "On what, and how much of it, a study runs." })
export class StudySettingInput {
	@Field(() => StudyDataset, { defaultValue: usualSetting.dataset, description: "The data set." })
	dataset!: Setting["dataset"];

	@Field(() => String, {
		nullable: true,
		description: "Folder on the server that the data set was imported to; none for the one that is made.",
	})
	folder?: string | null;

	@Field(() => StudyCheckpointsInput, { nullable: true, description: "The shipped ones where it is left out." })
	checkpoints?: StudyCheckpointsInput | null;

	@Field(() => [Int], { defaultValue: usualSetting.seeds, description: "Every cell is repeated with each." })
	seeds!: number[];

	@Field(() => StudyScale, { defaultValue: usualSetting.scale, description: "How much of its axes is run." })
	scale!: Setting["scale"];
}

@ObjectType({ simpleResolvers: true, description: "Checkpoints that a study was started with." })
export class StudyCheckpoints {
	@Field(() => String, { description: "Model that training starts from." })
	start!: string;

	@Field(() => String, { description: "Model that filters score with." })
	reference!: string;
}

@ObjectType({ simpleResolvers: true, description: "On what a study was started." })
export class StudySetting {
	@Field(() => StudyDataset, { description: "The data set." })
	dataset!: string;

	@Field(() => String, { nullable: true, description: "Folder of the imported data set; null for the one made." })
	folder?: string | null;

	@Field(() => StudyCheckpoints, { nullable: true, description: "Null for the shipped ones." })
	checkpoints?: StudyCheckpoints | null;

	@Field(() => [Int], { description: "Every cell is repeated with each, unless it has seeds of its own." })
	seeds!: readonly number[];

	@Field(() => StudyScale, { description: "How much of its axes is run." })
	scale!: string;
}

@ObjectType({ simpleResolvers: true, description: "What a study would take." })
export class StudyEstimate {
	@Field(() => Int, { description: "Cells; 0 where the study has no meaning on the data set." })
	cellCount!: number;

	@Field(() => Int, { description: "Runs: a cell with a seed each." })
	runCount!: number;

	@Field(() => Float, { description: "Time on one worker, with what runs train alike counted once." })
	seconds!: number;

	@Field(() => String, { description: "What the guess rests on." })
	basis!: string;
}
