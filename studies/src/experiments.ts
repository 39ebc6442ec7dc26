/** The paper's main experiments on a data set, which cells take as they are or change in one place. */
import { presets } from "@mithridate/engine";
import type { CellConfig, StudySetting } from "./contract.ts";

export const ATTACKS = ["single-image", "single-label", "multi-label"] as const;
export type AttackName = (typeof ATTACKS)[number];

/** Poisoned share of the training images of emoji-PASCAL: all 25 of a class, or 25 over two goals. */
export const EMOJI_RATE = 0.01;

/** Epochs of Attack III on emoji-PASCAL, one more than elsewhere: each of its two goals has half of the poison. */
export const MULTI_LABEL_EPOCHS = 3;

type DefenseChoice = NonNullable<CellConfig["defenses"]>[number];
type DefenseName = DefenseChoice["name"];

/** The paper's goals; the second belongs to Attack III alone. */
export function goalsOf({ dataset }: StudySetting) {
	return dataset === "coco"
		? ([
				{ from: "boat", to: "dog" },
				{ from: "zebra", to: "train" },
			] as const)
		: ([
				{ from: "sheep", to: "aeroplane" },
				{ from: "sofa", to: "bird" },
			] as const);
}

/** An attack with its paper's goals and settings, and no defense. */
export function experimentOf(setting: StudySetting, attack: AttackName = "single-label"): CellConfig {
	return setting.dataset === "emoji-pascal" ? emoji(attack) : real(setting, attack);
}

function emoji(attack: AttackName): CellConfig {
	const amount = { kind: "poison-rate", poisonRate: EMOJI_RATE } as const;
	const name = ({ "single-image": "singleImage", "single-label": "singleLabel", "multi-label": "multiLabel" } as const)[
		attack
	];
	const main: CellConfig = { dataset: { name: "emojiPascal" }, attack: { name, params: { amount } }, defenses: [] };
	return attack === "multi-label" ? trained(main, { epochs: MULTI_LABEL_EPOCHS }) : main;
}

function real({ dataset, folder, checkpoints }: StudySetting, attack: AttackName): CellConfig {
	const preset = dataset === "coco" ? presets.coco : presets.flickrPascal;
	const built = preset.build({ variant: "paper", attack }) as CellConfig & {
		readonly dataset: { readonly params: object };
		readonly seeds: unknown;
	};
	const { seeds: _, ...config } = built;
	return {
		...config,
		dataset: { name: "imported", params: { ...built.dataset.params, folder: folder ?? "data" } },
		defenses: [],
		...(checkpoints && { checkpoints }),
	};
}

/** The same with other training settings. */
export function trained(config: CellConfig, training: NonNullable<CellConfig["training"]>): CellConfig {
	return { ...config, training: { ...config.training, ...training } };
}

/** The same with other parameters of the attack. */
export function attacked(config: CellConfig, params: object): CellConfig {
	const { attack } = config;
	return { ...config, attack: { ...attack, params: { ...attack?.params, ...params } } as CellConfig["attack"] };
}

/**
 * A defense at settings that fit the data set's checkpoints. Its defaults fit the small ones shipped for emoji-PASCAL;
 * CLIP itself is trained at the rate of its models, and cured as the paper does, by fine-tuning alone.
 */
export function defenseOn(setting: StudySetting, name: DefenseName, params: object = {}): DefenseChoice {
	const choice = (own: object) => ({ name, params: { ...own, ...params } }) as DefenseChoice;
	if (setting.dataset === "emoji-pascal" || name === "filter") return choice({});
	const rate = { learningRate: experimentOf(setting).training?.learningRate };
	return choice(name === "cure" ? { ...rate, logitScale: null, mixing: null } : rate);
}

/** The same with defenses. */
export function defended(config: CellConfig, defenses: NonNullable<CellConfig["defenses"]>): CellConfig {
	return { ...config, defenses };
}

/** The same, measured so often within each training. */
export function probed(config: CellConfig, probes: number): CellConfig {
	return { ...config, evaluation: { ...config.evaluation, probes } };
}
