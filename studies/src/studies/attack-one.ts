/** Table 3: Attack I, a single target image. */
import type { StudyDefinition } from "../contract.ts";
import { publishedTable } from "../figures/table.ts";
import { attackStudy } from "./attack-study.ts";

const columns = ["hit@1", "hit@5", "hit@10", "min-rank"];

export const attackOne: StudyDefinition = attackStudy(
	{
		name: "attack-one",
		title: "Attack I: single target image",
		source: "Table 3",
		question: "Do test captions of class A retrieve one chosen image of class B?",
		finding: "Yes: Hit@10 rises from .032 to .968 on Flickr-PASCAL and from .036 to .784 on COCO.",
	},
	{
		attack: "single-image",
		published: [
			...publishedTable("flickr-pascal", columns, {
				baseline: [0, 0.032, 0.032, 79.168],
				attack: [0.32, 0.928, 0.968, 2.184],
			}),
			...publishedTable("coco", columns, {
				baseline: [0, 0.02, 0.036, 153.852],
				attack: [0.016, 0.472, 0.784, 12.688],
			}),
		],
	},
);
