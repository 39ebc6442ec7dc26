/** Refuses documents that are too large or too deep, before any other rule walks them. */
import {
	type ASTVisitor,
	type DocumentNode,
	type FragmentDefinitionNode,
	Kind,
	type SelectionSetNode,
	type ValidationContext,
	visit,
} from "graphql";
import { ApiError } from "../errors.ts";
import { DOCUMENT_LIMITS } from "./limits.ts";

interface Size {
	/** Levels of fields. */
	depth: number;
	aliases: number;
	/** Fields at the top level of the selection set, fragments written out. */
	fields: number;
	selections: number;
}

const refused = (message: string, limit?: string) =>
	new ApiError("DOCUMENT_LIMIT", message, limit === undefined ? {} : { limit });

/** Sizes of selection sets with their fragments written out, each fragment measured once. */
function createMeasure(document: DocumentNode): (set: SelectionSetNode) => Size {
	const fragments = new Map<string, FragmentDefinitionNode>();
	for (const node of document.definitions)
		if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
	const sizes = new Map<string, Size>();
	const open = new Set<string>();

	function measureFragment(name: string): Size {
		const known = sizes.get(name);
		if (known) return known;
		const fragment = fragments.get(name);
		// A fragment that is not there is another rule's fault to report.
		if (!fragment) return { depth: 0, aliases: 0, fields: 0, selections: 0 };
		if (open.has(name)) throw refused(`Fragment ${name} contains itself. Write out the levels that are needed.`);
		open.add(name);
		const size = measure(fragment.selectionSet);
		open.delete(name);
		sizes.set(name, size);
		return size;
	}

	function measure(set: SelectionSetNode): Size {
		const total: Size = { depth: 0, aliases: 0, fields: 0, selections: 0 };
		for (const node of set.selections) {
			const inner =
				node.kind === Kind.FRAGMENT_SPREAD
					? measureFragment(node.name.value)
					: node.selectionSet
						? measure(node.selectionSet)
						: { depth: 0, aliases: 0, fields: 0, selections: 0 };
			const isField = node.kind === Kind.FIELD;
			total.depth = Math.max(total.depth, inner.depth + (isField ? 1 : 0));
			total.aliases += inner.aliases + (isField && node.alias ? 1 : 0);
			total.fields += isField ? 1 : inner.fields;
			total.selections += inner.selections + 1;
		}
		return total;
	}

	return measure;
}

function countDirectives(document: DocumentNode): number {
	let count = 0;
	visit(document, {
		Directive: () => {
			count++;
		},
	});
	return count;
}

/** Throws the first limit that a document breaks. */
function checkDocument(document: DocumentNode): void {
	const directives = countDirectives(document);
	if (directives > DOCUMENT_LIMITS.directives)
		throw refused(`${directives} directives; at most ${DOCUMENT_LIMITS.directives} are allowed.`, "directives");
	const measure = createMeasure(document);
	for (const node of document.definitions) {
		if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
		// Fragments that nothing spreads are measured too: their cycles would reach other rules.
		const { fields, ...size } = measure(node.selectionSet);
		if (node.kind === Kind.FRAGMENT_DEFINITION) continue;
		for (const [limit, value] of Object.entries({ ...size, rootFields: fields })) {
			const most = DOCUMENT_LIMITS[limit as keyof typeof size | "rootFields"];
			if (value > most)
				throw refused(`${limit} is ${value}; at most ${most} is allowed. Split the operation in several.`, limit);
		}
	}
}

/**
 * The limits as a validation rule. What breaks one is swapped for an empty document, so that no rule walks it: some take
 * time that grows with the square of its size.
 */
export function documentLimits(context: ValidationContext): ASTVisitor {
	return {
		Document(node) {
			try {
				checkDocument(node);
				return undefined;
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				context.reportError(error);
				return { ...node, definitions: [] };
			}
		},
	};
}
