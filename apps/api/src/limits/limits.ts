/** The figures of every limit on what a caller may send, the same for POST, GET, WebSocket and SSE. */

/** Limits of a document, checked before anything of it is validated or run. */
export const DOCUMENT_LIMITS = {
	tokens: 2_000,
	/** Fields within fields. The dashboard goes 7 deep, and what tools ask to learn the schema 13. */
	depth: 16,
	aliases: 30,
	rootFields: 20,
	directives: 25,
	/** Selections with every fragment written out where it is spread. */
	selections: 10_000,
} as const;

export const VARIABLE_LIMITS = {
	/** Names in `variables`. */
	count: 100,
	/** Lists and objects within each other. */
	depth: 16,
	/** Values in all of `variables`. */
	values: 10_000,
} as const;

export const COST_LIMITS = {
	/** Points of one operation. */
	operation: 5_000,
	/** Items that `first` or `last` may ask for. */
	page: 200,
	/** Items of a page whose size is left to the server. */
	usualPage: 20,
	/** Items a list without a size is taken to have. */
	usualList: 5,
	/** Curves that a run is taken to have, where they are not named. */
	usualCurves: 50,
	/** Buckets of a metric series that cost one point. */
	bucketsPerPoint: 100,
	/** Length of the window in which a caller's points are summed. */
	windowMs: 60_000,
	/** Points per window of one token on the shared profile. */
	sharedBudget: 50_000,
	/** As `sharedBudget`, on the local profile: only a loop that went wrong gets there. */
	localBudget: 2_000_000,
} as const;

export const HTTP_LIMITS = {
	bodyBytes: 256 * 1024,
	operationMs: 10_000,
} as const;

export const SOCKET_LIMITS = {
	messageBytes: 64 * 1024,
	initMs: 3_000,
	subscriptions: 50,
	messagesPerSecond: 100,
	sockets: 2_000,
	/** Sockets of one token on the shared profile. */
	socketsPerToken: 20,
	/** A socket that has not answered the ping before by now is cut. */
	pingMs: 12_000,
	/** How often a live connection's token is looked at again. */
	recheckMs: 4_000,
} as const;
