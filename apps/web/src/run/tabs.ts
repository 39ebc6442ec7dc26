"use client";
/** The tabs of a run, each in a file of its own that is loaded when it is opened. */
import dynamic from "next/dynamic";
import type { ComponentType } from "react";
import type { TabProps } from "./run-query.ts";

interface RunTab {
	readonly key: string;
	readonly title: string;
	/** Fetches the tab's script; a second call fetches nothing. */
	readonly load: () => Promise<unknown>;
	readonly Content: ComponentType<TabProps>;
}

type Load = () => Promise<{ readonly default: ComponentType<TabProps> }>;

const tab = (key: string, title: string, load: Load): RunTab => ({
	key,
	title,
	load,
	Content: dynamic(load, { ssr: false }),
});

export const runTabs: readonly RunTab[] = [
	tab("metrics", "Metrics", () => import("./metrics-tab.tsx")),
	tab("attack", "Attack", () => import("./attack-tab.tsx")),
	tab("retrieval", "Retrieval", () => import("./retrieval-tab.tsx")),
	tab("embedding", "Embedding", () => import("./embedding-tab.tsx")),
	tab("defense", "Defense", () => import("./defense-tab.tsx")),
	tab("pairs", "Pairs", () => import("./pairs-tab.tsx")),
	tab("config", "Configuration", () => import("./config-tab.tsx")),
	tab("logs", "Logs", () => import("./logs-tab.tsx")),
	tab("system", "System", () => import("./system-tab.tsx")),
	tab("artifacts", "Artifacts", () => import("./artifacts-tab.tsx")),
];
