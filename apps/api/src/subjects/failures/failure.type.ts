/** Failures that a mutation expects: they stand in its payload, several at once, each with the place in the input. */
import { createUnionType, Field, InterfaceType, ObjectType, registerEnumType } from "type-graphql";
import type { Issue } from "../../typed-config/values.ts";
import { SafeInt } from "../scalars.ts";

const FailureCode = {
	VALIDATION: "VALIDATION",
	NOT_FOUND: "NOT_FOUND",
	CONFLICT: "CONFLICT",
	QUOTA_EXCEEDED: "QUOTA_EXCEEDED",
	FORBIDDEN: "FORBIDDEN",
} as const;

registerEnumType(FailureCode, {
	name: "ErrorCode",
	description: "Kinds of expected failure.",
	valuesConfig: {
		VALIDATION: { description: "A value is not acceptable; the message names the limit." },
		NOT_FOUND: { description: "What an id names does not exist." },
		CONFLICT: { description: "The state of things does not allow it." },
		QUOTA_EXCEEDED: { description: "More is asked for than may be had at once." },
		FORBIDDEN: { description: "The viewer may not do this." },
	},
});

@InterfaceType("UserError", { description: "A failure the caller can act on." })
abstract class UserError {
	@Field(() => FailureCode, { description: "Kind of the failure." })
	readonly code: keyof typeof FailureCode;

	@Field(() => String, { description: "What was wrong, the limit, and the remedy." })
	readonly message: string;

	@Field(() => [String], {
		nullable: true,
		description: "Place in the mutation's input; null where no one place is at fault.",
	})
	readonly path: readonly string[] | null;

	constructor(code: keyof typeof FailureCode, message: string, path: readonly string[] | null) {
		this.code = code;
		this.message = message;
		this.path = path;
	}
}

@ObjectType({ simpleResolvers: true, implements: UserError, description: "A value of the input is not acceptable." })
export class ValidationError extends UserError {
	constructor(message: string, path: readonly string[] | null = null) {
		super("VALIDATION", message, path);
	}
}

@ObjectType({ simpleResolvers: true, implements: UserError, description: "What an id names does not exist." })
export class NotFoundError extends UserError {
	constructor(message: string, path: readonly string[] | null = null) {
		super("NOT_FOUND", message, path);
	}
}

@ObjectType({
	simpleResolvers: true,
	implements: UserError,
	description: "The state of things does not allow what was asked.",
})
export class ConflictError extends UserError {
	constructor(message: string, path: readonly string[] | null = null) {
		super("CONFLICT", message, path);
	}
}

@ObjectType({ simpleResolvers: true, implements: UserError, description: "More is asked for than may be had at once." })
export class QuotaExceededError extends UserError {
	@Field(() => SafeInt, { description: "The most there may be." })
	readonly limit: number;

	constructor(message: string, path: readonly string[] | null, limit: number) {
		super("QUOTA_EXCEEDED", message, path);
		this.limit = limit;
	}
}

export type Failure = ValidationError | NotFoundError | ConflictError | QuotaExceededError;

export const MutationError = createUnionType({
	name: "MutationError",
	description: "Why a mutation did not do what was asked, or not all of it.",
	types: () => [ValidationError, NotFoundError, ConflictError, QuotaExceededError] as const,
});

/** Faults of a typed input as failures, with the place of the input itself in front. */
export function validationErrors(issues: readonly Issue[], place: readonly string[] = []): ValidationError[] {
	return issues.map(({ path, message }) => new ValidationError(message, [...place, ...path]));
}
