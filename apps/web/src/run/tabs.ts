"use client";
/** The tabs of a run, each in a file of its own that is loaded when it is opened. */
import dynamic from "next/dynamic";
import type { ComponentType } from "react";
import type { TabProps } from "./run-query.ts";

interface RunTab {
	readonly key: string;
	readonly title: string;
	readonly Content: ComponentType<TabProps>;
}

export const runTabs: readonly RunTab[] = [
	{ key: "metrics", title: "Metrics", Content: dynamic(() => import("./metrics-tab.tsx"), { ssr: false }) },
	{ key: "attack", title: "Attack", Content: dynamic(() => import("./attack-tab.tsx"), { ssr: false }) },
	{ key: "retrieval", title: "Retrieval", Content: dynamic(() => import("./retrieval-tab.tsx"), { ssr: false }) },
	{ key: "embedding", title: "Embedding", Content: dynamic(() => import("./embedding-tab.tsx"), { ssr: false }) },
	{ key: "defense", title: "Defense", Content: dynamic(() => import("./defense-tab.tsx"), { ssr: false }) },
	{ key: "pairs", title: "Pairs", Content: dynamic(() => import("./pairs-tab.tsx"), { ssr: false }) },
	{ key: "config", title: "Configuration", Content: dynamic(() => import("./config-tab.tsx"), { ssr: false }) },
	{ key: "logs", title: "Logs", Content: dynamic(() => import("./logs-tab.tsx"), { ssr: false }) },
	{ key: "system", title: "System", Content: dynamic(() => import("./system-tab.tsx"), { ssr: false }) },
	{ key: "artifacts", title: "Artifacts", Content: dynamic(() => import("./artifacts-tab.tsx"), { ssr: false }) },
];
