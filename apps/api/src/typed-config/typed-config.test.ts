/** The typed configuration follows the engine's registries, and carries values both ways without loss. */
import "reflect-metadata";
import { AttackChoice, attacks, datasets, defenses, ExperimentConfig, parseExperiment } from "@mithridate/engine";
import { type GraphQLObjectType, type GraphQLSchema, parse, printSchema, validate } from "graphql";
import { Arg, buildSchemaSync, Query, Resolver } from "type-graphql";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { classesNamed } from "./class-names.ts";
import { markOneOf } from "./one-of.ts";
import { parameters } from "./parameters.ts";
import { type TypedConfig, typedConfig } from "./typed-config.ts";

const config = typedConfig(ExperimentConfig, { attack: attacks, defenses, dataset: datasets });

/** A schema that echoes configurations, to see them through GraphQL itself. */
function schemaOf(typed: TypedConfig<unknown>): GraphQLSchema {
	class Echo {
		echo(input: object): object {
			const { config: parsed } = typed.parse(input);
			return typed.present(parsed as object);
		}
	}
	Arg("config", () => typed.input as never)(Echo.prototype, "echo", 0);
	Query(() => typed.output as never)(Echo.prototype, "echo", Object.getOwnPropertyDescriptor(Echo.prototype, "echo")!);
	Resolver()(Echo);
	return markOneOf(buildSchemaSync({ resolvers: [Echo], validate: false, pubSub: undefined as never }), typed.oneOf);
}

describe("typed configuration", () => {
	const schema = schemaOf(config);
	const sdl = printSchema(schema);

	test("has a type and a one-of case for every attack and defense of the registries", () => {
		for (const [name] of Object.entries(attacks)) {
			const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Attack`;
			expect(sdl).toContain(`type ${type} {`);
			expect(sdl).toMatch(new RegExp(`input AttackInput @oneOf \\{[^}]*${name}: ${type}Input`, "s"));
		}
		for (const [name] of Object.entries(defenses))
			expect(sdl).toMatch(new RegExp(`input DefenseInput @oneOf \\{[^}]*${name}: `, "s"));
	});

	test("describes every type, field and enum value", () => {
		for (const type of Object.values(schema.getTypeMap())) {
			if (type.name.startsWith("__") || ["Query", "Int", "Float", "String", "Boolean"].includes(type.name)) continue;
			expect([type.name, type.description]).toEqual([type.name, expect.stringMatching(/\S/)]);
			const members = "getFields" in type ? Object.values((type as GraphQLObjectType).getFields()) : [];
			for (const field of members)
				expect([type.name, field.name, field.description]).toEqual([
					type.name,
					field.name,
					expect.stringMatching(/\S/),
				]);
		}
	});

	test("an attack that joins the registry appears without an edit here", () => {
		const ghost = z.strictObject({
			name: z.literal("ghost"),
			params: z.strictObject({ haunt: z.number().min(0).default(0.5).describe("How much.") }).prefault({}),
		});
		const grown = ExperimentConfig.extend({
			attack: z.discriminatedUnion("name", [...AttackChoice.options, ghost]).prefault({ name: "ghost" }),
		});
		const typed = typedConfig(grown, { attack: { ...attacks, ghost: { description: "Not there." } }, defenses });
		const text = printSchema(schemaOf(typed));
		expect(text).toMatch(/"""Not there\."""\ntype GhostAttack \{/);
		const { config: parsed } = typed.parse({ attack: { ghost: { haunt: 0.7 } } });
		expect(parsed?.attack).toEqual({ name: "ghost", params: { haunt: 0.7 } });
		expect(parameters(typed.fields, ["attack", "ghost"]).map(({ path }) => path)).toEqual([["haunt"]]);
	});

	test("nothing given is the engine's default with one seed", () => {
		expect(config.parse({}).config).toEqual(parseExperiment({ seeds: [1] }));
	});

	test("every default goes to GraphQL text and back to the same configuration", () => {
		for (const [name] of Object.entries(attacks)) {
			const { config: parsed } = config.parse({ attack: { [name]: {} } });
			const shown = config.present(parsed as object) as { attack: object; seed: number };
			expect(shown.seed).toBe(1);
			expect(shown.attack.constructor.name.toLowerCase()).toBe(`${name}attack`.toLowerCase());
		}
	});

	test("a case is chosen by its field, flattened where it holds one value of its own name", () => {
		const { config: parsed } = config.parse({
			attack: { singleImage: { target: { sample: "test-3" }, amount: { count: 5 } } },
			defenses: [{ filter: { threshold: { quantile: { share: 0.9 } } } }],
			training: { clipNorm: null, epochs: null },
			seed: 7,
		});
		expect(parsed).toMatchObject({
			attack: {
				name: "singleImage",
				params: { target: { kind: "sample", sample: "test-3" }, amount: { kind: "count", count: 5 } },
			},
			defenses: [{ name: "filter", params: { threshold: { kind: "quantile", share: 0.9 } } }],
			training: { clipNorm: null, epochs: 2 },
			seeds: [7],
		});
	});

	test("finds the classes that a configuration names, by their place in the input", () => {
		const shape = config.fields.find(({ name }) => name === "attack")!.shape;
		const named = (attack: object) => classesNamed(shape, config.parse({ attack }).config!.attack, ["attack"]);
		expect(named({ singleLabel: { from: "cow", to: "unicorn" } })).toEqual([
			{ path: ["attack", "singleLabel", "from"], name: "cow" },
			{ path: ["attack", "singleLabel", "to"], name: "unicorn" },
		]);
		expect(named({ multiLabel: { goals: [{ from: "cow", to: "dog" }] } })).toEqual([
			{ path: ["attack", "multiLabel", "goals", "0", "from"], name: "cow" },
			{ path: ["attack", "multiLabel", "goals", "0", "to"], name: "dog" },
		]);
	});

	test("takes what an input leaves out from another run's configuration", () => {
		const { config: base } = config.parse({ seed: 7, training: { epochs: 5 } });
		const { config: same } = config.parse({}, base);
		expect(same).toEqual(base);
		const { config: other } = config.parse(
			{ seed: 8, defenses: [{ filter: { threshold: { fixed: { distance: 0.6 } } } }] },
			base,
		);
		expect(other).toMatchObject({
			seeds: [8],
			training: { epochs: 5 },
			defenses: [{ name: "filter", params: { threshold: { kind: "fixed", distance: 0.6 } } }],
		});
	});

	test.each([
		[{ attack: { singleLabel: { amount: { poisonRate: 2 } } } }, "attack.singleLabel.amount.poisonRate"],
		[
			{ defenses: [{ filter: { threshold: { quantile: { share: 3 } } } }] },
			"defenses.0.filter.threshold.quantile.share",
		],
		[{ attack: { singleImage: { target: { random: false } } } }, "attack.singleImage.target.random"],
		[{ attack: {} }, "attack"],
		[{ training: { batchSize: 1 } }, "training.batchSize"],
		[{ training: { betas: [0.9] } }, "training.betas"],
		[{ attack: { singleLabel: { from: "x".repeat(201) } } }, "attack.singleLabel.from"],
		[{ evaluation: { cutoffs: Array(101).fill(1) } }, "evaluation.cutoffs"],
		[{ seed: -1 }, "seed"],
	])("a fault in %j is named by its place in the input", (input, path) => {
		const { issues } = config.parse(input);
		expect(issues?.map((issue) => issue.path.join("."))).toContain(path);
	});

	test("two cases at once are refused by GraphQL itself", () => {
		const document = parse("{ echo(config: { attack: { singleLabel: {}, multiLabel: {} } }) { seed } }");
		expect(validate(schema, document).map(({ message }) => message)).toEqual([
			'OneOf Input Object "AttackInput" must specify exactly one key.',
		]);
	});
});
