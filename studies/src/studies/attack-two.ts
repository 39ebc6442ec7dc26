/** Table 4: Attack II, a single target label. */
import type { StudyDefinition } from "../contract.ts";
import { publishedTable } from "../figures/table.ts";
import { attackStudy } from "./attack-study.ts";

const columns = ["hit@1", "hit@5", "hit@10", "min-rank"];

export const attackTwo: StudyDefinition = attackStudy(
	{
		name: "attack-two",
		title: "Attack II: single target label",
		source: "Table 4",
		question: "Do test captions of class A retrieve unseen images of class B after training on re-paired samples?",
		finding:
			"Yes: Hit@10 rises from .200 to .936 on Flickr-PASCAL and from .116 to .516 on COCO, where Hit@1 does not.",
	},
	{
		attack: "single-label",
		published: [
			...publishedTable("flickr-pascal", columns, {
				baseline: [0.024, 0.088, 0.2, 51.048],
				attack: [0.28, 0.864, 0.936, 2.192],
			}),
			...publishedTable("coco", columns, {
				baseline: [0.024, 0.072, 0.116, 123.076],
				attack: [0.012, 0.212, 0.516, 15.28],
			}),
		],
	},
);
