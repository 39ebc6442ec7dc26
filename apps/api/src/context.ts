/** What every resolver is handed: who asks, what may be read, and when to stop. */
import type { ArtifactStore, Database } from "@mithridate/db";
import type { Logger } from "pino";
import type { Gallery } from "./gallery/gallery.ts";
import type { CostReport } from "./limits/budget.ts";
import type { Hub } from "./live/hub.ts";
import type { Profile } from "./security/profile.ts";
import type { Viewer } from "./security/roles.ts";
import type { Loaders } from "./subjects/loaders.ts";
import type { RunQueue } from "./worker/queue.ts";

/** Facts of this server that `serverInfo` tells. */
export interface ServerFacts {
	readonly version: string;
	readonly schemaSha256: string;
	readonly profile: Profile;
	/** Folder that imports by path must come from; null for any readable path, left out for none. */
	readonly importRoot?: string | null | undefined;
	readonly features: readonly string[];
	/** `embedded` or `external`. */
	readonly database: string;
	readonly startedAt: Date;
}

/** What lives as long as the server. */
export interface Services {
	readonly database: Database;
	readonly artifacts: ArtifactStore;
	/** Sends, moves and takes back jobs within the transactions that change their runs. */
	readonly queue: RunQueue;
	/** Embeds and ranks in a process of its own. */
	readonly gallery: Gallery;
	readonly hub: Hub;
	readonly facts: ServerFacts;
	readonly log: Logger;
	/** The one clock of the API; leases go by the database's. */
	clock(): Date;
}

/** What lives as long as one operation; of a subscription, each event gets loaders of its own. */
export interface Context extends Services {
	readonly viewer: Viewer;
	/** Stands in every log line and every error of this operation. */
	readonly requestId: string;
	/** Fires when the caller left or the operation's time is up. */
	readonly signal: AbortSignal;
	readonly loaders: Loaders;
	/** What this operation costs and what the caller has left. */
	readonly cost: CostReport;
	/** Cuts the connection of a reader that stopped reading; only subscriptions have one. */
	cut?(reason: string): void;
}
