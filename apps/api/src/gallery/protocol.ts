/** What the API and its gallery process say to each other over Node's channel. */
import type { ExperimentConfig, Goal, Patch } from "@mithridate/engine";
import type { Coordinates, Plane } from "./plane.ts";

/** The images of a data set's test split, as they lie in a file. */
export interface GalleryImages {
	/** Content hash of the data set: embeddings are kept by it. */
	readonly hash: string;
	/** RGB bytes, image after image. */
	readonly pixels: string;
	/** Side of an image in pixels, and images in the file. */
	readonly size: number;
	readonly count: number;
	/** Row of each test sample, and its class. */
	readonly rows: readonly number[];
	readonly classes: readonly (string | null)[];
	/** An attack's patch: rows from `count` on show the images stamped with it. */
	readonly patch?: Patch;
}

export interface RetrieveRequest {
	readonly kind: "retrieve";
	/** Folder of the model's checkpoint, and what its embeddings are kept by. */
	readonly folder: string;
	readonly modelHash: string;
	readonly images: GalleryImages;
	readonly text: string;
	/** Items to return. */
	readonly k: number;
}

export interface RetrieveResult {
	/** Places among the test samples, best first, with their cosine similarity. */
	readonly items: readonly { readonly position: number; readonly similarity: number }[];
	/** The best zero-based rank of every class. */
	readonly targetRanks: readonly { readonly class: string; readonly bestRank: number }[];
	readonly milliseconds: number;
}

/** Where images and texts lie under a model. */
export interface MapRequest {
	readonly kind: "map";
	readonly folder: string;
	readonly modelHash: string;
	/** The rows to place; the class of a row that no centre is made of is null. */
	readonly images: GalleryImages;
	readonly texts: readonly string[];
	/** The first so many images, and as many texts, belong together and are what a plane is fitted on. */
	readonly fitted: number;
	/** The plane of an earlier answer; null fits one. */
	readonly plane: Plane | null;
	/** Leads the first axis from one class to another; null where it shall be that of most variance. */
	readonly goal: { readonly from: string; readonly to: string } | null;
}

/** Coordinates of the images, then of the texts. */
export interface MapResult extends Coordinates {
	readonly plane: Plane;
}

export interface PreviewRequest {
	readonly kind: "preview";
	readonly config: ExperimentConfig;
	/** Pairs to return. */
	readonly first: number;
}

/** An image of a previewed pair, small enough to be sent along. */
export interface PreviewImage {
	readonly row: number;
	readonly size: number;
	readonly sha256: string;
	readonly png: Uint8Array;
}

export interface PreviewPair {
	readonly kind: "replace-image" | "inject" | "drop";
	readonly sample: string;
	readonly class: string | null;
	readonly captions: readonly string[];
	readonly before: PreviewImage | null;
	readonly after: PreviewImage | null;
}

export interface PreviewResult {
	readonly poisoned: number;
	readonly samples: number;
	readonly goals: readonly Goal[];
	readonly pairs: readonly PreviewPair[];
	/** A training image of each class that has one. */
	readonly examples: readonly { readonly class: string; readonly image: PreviewImage }[];
}

export type GalleryRequest = RetrieveRequest | MapRequest | PreviewRequest;
export type ResultOf<Request extends GalleryRequest> = Request extends RetrieveRequest
	? RetrieveResult
	: Request extends MapRequest
		? MapResult
		: PreviewResult;

export type ToChild = { readonly id: number; readonly request: GalleryRequest };

/** `fault` is for the caller to act on; anything else ends the process. */
export type FromChild =
	| { readonly id: number; readonly result: RetrieveResult | MapResult | PreviewResult }
	| { readonly id: number; readonly fault: { readonly message: string; readonly subject: string | null } };
