/** Two invented studies, and runs grouped over their seeds. */
import { definition, verdicts, views } from "./paper.ts";
import { born, type MockRun, page, rates, runs } from "./runs.ts";

export function groupsOf(list: readonly MockRun[]) {
	const groups = Map.groupBy(list, (run) => run.groupHash);
	return [...groups].map(([groupHash, members]) => ({
		groupHash,
		config: members[0]!.config,
		name: members[0]!.name,
		runs: members,
		seeds: members.map(({ seed }) => seed),
		outcomes: outcomesOfGroup(members),
	}));
}

function outcomesOfGroup(members: readonly MockRun[]) {
	const ended = members.filter(({ status }) => status === "SUCCEEDED");
	return ["clean", "poisoned", "filtered", "cured"].flatMap((model) =>
		(["hitAt10", "minRank", "imageRetrievalAt10"] as const).map((metric) => {
			const values = ended.map((run) => run.outcomes.find((row) => row.model === model)?.[metric] ?? 0);
			const n = values.length;
			const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, n);
			const deviation = n > 1 ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)) : null;
			const half = deviation === null ? null : (4.3 * deviation) / Math.sqrt(n);
			return {
				model,
				metric,
				mean,
				deviation,
				low: half === null ? null : mean - half,
				high: half === null ? null : mean + half,
				n,
			};
		}),
	);
}

const makeStudy = (index: number) => {
	const members = () => runs.filter(({ number }) => number % 2 === index);
	const names = [
		["table-3", "How much poison is enough?"],
		["table-7", "Which defense holds?"],
	] as const;
	return {
		__typename: "Study",
		id: `study-${index}`,
		slug: names[index]![0],
		name: ["Dose response", "Defenses"][index]!,
		question: names[index]![1],
		notes: null,
		tags: ["paper"],
		createdAt: new Date(born).toISOString(),
		archivedAt: null,
		counts: () =>
			[...Map.groupBy(members(), ({ status }) => status)].map(([status, list]) => ({ status, count: list.length })),
		axes: [
			{ name: "attack", values: ["SingleLabelAttack", "SingleImageAttack", "MultiLabelAttack"] },
			{ name: "poisonRate", values: rates.map(String) },
			{ name: "seed", values: ["1", "2", "3"] },
		],
		cells: () =>
			groupsOf(members()).map((group) => ({
				coordinates: [
					{ axis: "attack", value: group.config.attack.__typename },
					{ axis: "poisonRate", value: String(group.config.attack.amount.poisonRate) },
				],
				runs: group.runs,
				status: group.runs[0]!.status,
				outcomes: group.outcomes,
			})),
		missing: [],
		runs: () => page(members()),
		throughSeq: 0,
		resumeCursor: "c0",
		exportUrl: ({ format }: { format: string }) => `/export/study/${index}.${format.toLowerCase()}`,
		viewerCanEdit: true,
		definitionName: index === 1 ? definition.name : null,
		definition: index === 1 ? definition : null,
		setting: index === 1 ? { dataset: "EMOJI_PASCAL", seeds: [1, 2, 3], scale: "SAMPLED" } : null,
		isDefinitionCurrent: index === 1 ? true : null,
		views: index === 1 ? views : [],
		verdicts: index === 1 ? verdicts : [],
	};
};
export const studies = [makeStudy(0), makeStudy(1)];

for (const run of runs) Object.assign(run, { study: studies[run.number % 2] });
