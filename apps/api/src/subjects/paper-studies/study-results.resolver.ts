/** What a study of the paper shows and says, from what was recorded so far. */
import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { Study } from "../studies/study.type.ts";
import { definedBy, isCurrent } from "./defined-by.ts";
import { StudyDefinition, StudySetting, StudyVerdict, StudyView } from "./definition.type.ts";
import { figureSeenBy, Perspective, seenBy } from "./perspective.ts";
import { showFigure, showInterval } from "./show-figure.ts";

const perspectiveArgument = {
	defaultValue: Perspective.ATTACKER,
	description: "With whose knowledge: a defender does not know which pairs are poisoned.",
} as const;

@Resolver(() => Study)
export class StudyResultsResolver {
	@FieldResolver(() => String, {
		nullable: true,
		description: "Name of the definition it was started from; null for a sweep or a set put together by hand.",
	})
	definitionName(@Root() { row }: Study): string | null {
		return row.definition;
	}

	@FieldResolver(() => StudyDefinition, {
		nullable: true,
		description: "What it was started from; null where this server has no such definition.",
	})
	definition(@Root() study: Study): StudyDefinition | null {
		const defined = definedBy(study.row);
		return defined && new StudyDefinition(defined.definition);
	}

	@FieldResolver(() => StudySetting, { nullable: true, description: "On what it was started; null for other studies." })
	setting(@Root() { row }: Study): StudySetting | null {
		return row.setting as StudySetting | null;
	}

	@FieldResolver(() => Boolean, {
		nullable: true,
		description: "Whether its definition is still the one it was started from; null for other studies.",
	})
	isDefinitionCurrent(@Root() study: Study): boolean | null {
		return study.row.definition === null ? null : isCurrent(study.row);
	}

	@FieldResolver(() => [StudyView], {
		description:
			"Its tables and plots with what was measured so far; empty for other studies. Ask again when `studyEvents` tells of an evaluation.",
	})
	async views(
		@Root() study: Study,
		@Ctx() { loaders }: Context,
		@Arg("perspective", () => Perspective, perspectiveArgument) perspective: Perspective,
		@Arg("names", () => [String], { nullable: true, description: "Only these; all without it." })
		names: string[] | null,
	): Promise<StudyView[]> {
		const defined = definedBy(study.row);
		if (defined === null) return [];
		const { definition, setting } = defined;
		const seen = seenBy(perspective, await loaders.observations.load(study.row));
		return definition.views
			.filter(({ name }) => names?.includes(name) ?? true)
			.map((view) => ({
				name: view.name,
				title: view.title,
				figure: showFigure(figureSeenBy(perspective, view.show(seen, setting))),
			}));
	}

	@FieldResolver(() => [StudyVerdict], {
		description: "What the data says so far of each of its claims; empty for other studies.",
	})
	async verdicts(
		@Root() study: Study,
		@Ctx() { loaders }: Context,
		@Arg("perspective", () => Perspective, perspectiveArgument) perspective: Perspective,
	): Promise<StudyVerdict[]> {
		const defined = definedBy(study.row);
		if (defined === null) return [];
		const seen = seenBy(perspective, await loaders.observations.load(study.row));
		return defined.definition.claims.map(({ name, sentence, origin, test }) => {
			const { outcome, quantity, effect, bound, evidence } = test(seen, defined.setting);
			return {
				claim: { name, sentence, origin },
				outcome,
				quantity,
				effect: showInterval(effect),
				bound,
				evidence: evidence.flatMap(({ title, value }) => {
					const shown = showInterval(value);
					return shown === null ? [] : [{ title, value: shown }];
				}),
			};
		});
	}
}
