/** What an importing process and its supervisor say to each other over Node's IPC channel. */
import type { ImportFault } from "@mithridate/db";
import type { ImportRequest } from "@mithridate/engine";
import type { DatasetRegistration } from "./protocol.ts";

export type ToImporter =
	| {
			readonly type: "start";
			readonly request: Omit<ImportRequest, "signal">;
			/** Folder of this attempt alone, for the pixels of the registration. */
			readonly scratch: string;
			/** Rows left out that are told of one by one; the others are counted. */
			readonly mostFaults: number;
	  }
	/** `drain` keeps what is done for the next attempt, `cancel` throws it away. */
	| { readonly type: "stop"; readonly reason: "drain" | "cancel" };

/** What is new since the last message of this type. */
export interface Told {
	readonly type: "told";
	readonly done: number;
	readonly total: number;
	readonly faults: readonly ImportFault[];
	readonly faultCount: number;
}

/** The version is whole and in its place. */
export interface Sealed {
	readonly type: "sealed";
	readonly versionHash: string;
	readonly registration: DatasetRegistration;
	/** The first of all rows left out, and how many there are. */
	readonly faults: readonly ImportFault[];
	readonly faultCount: number;
}

export type FromImporter =
	| Told
	| Sealed
	| { readonly type: "stopped" }
	| { readonly type: "failed"; readonly code: string; readonly message: string };
