/** The studies in the order of the paper's tables and figures, what goes beyond it last. */
import type { StudyDefinition } from "./contract.ts";
import * as registry from "./studies/index.ts";

const paper = [
	"utility",
	"attack-one",
	"attack-two",
	"attack-three",
	"class-separation",
	"embedding-shift",
	"modality",
	"poison-rate",
	"epochs",
	"image-encoder",
	"training-set-size",
	"goal-pairs",
	"filter",
	"cure",
];

/** Names that the paper's order lacks come last, by the alphabet. */
export const studiesInOrder: readonly StudyDefinition[] = Object.values(registry).toSorted(
	(a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1),
);

function place({ name }: StudyDefinition): number {
	const at = paper.indexOf(name);
	return at < 0 ? paper.length : at;
}

/** The study of a name; undefined where there is none. */
export function studyNamed(name: string): StudyDefinition | undefined {
	return studiesInOrder.find((study) => study.name === name);
}
