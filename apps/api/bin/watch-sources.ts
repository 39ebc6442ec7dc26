/** Says which part of the platform has to be made anew when a source changes, for `npm run dev`. */
import { type FSWatcher, globSync, watch } from "node:fs";
import { join } from "node:path";

export type Part = "programs" | "dashboard";

/** Editors write a file in several steps, and whoever changes a branch writes many. */
const QUIET_MILLISECONDS = 300;

const sources: Readonly<Record<Part, readonly string[]>> = {
	programs: ["apps/api/{src,bin}", "packages/{db,engine}/src", "studies/src"],
	dashboard: ["apps/web/{src,public}"],
};

/** Calls `onChange` when the sources of a part have changed and been quiet for a moment; returns what ends that. */
export function watchSources(repository: string, onChange: (part: Part) => void): () => void {
	const watchers: FSWatcher[] = [];
	const timers = new Map<Part, NodeJS.Timeout>();
	for (const part of Object.keys(sources) as Part[]) {
		const touched = (_: string, name: string | null) => {
			// Tests and their fixtures are in no program.
			if (name !== null && /\.(test|fixture)\.tsx?$/.test(name)) return;
			clearTimeout(timers.get(part));
			timers.set(
				part,
				setTimeout(() => onChange(part), QUIET_MILLISECONDS),
			);
		};
		for (const folder of globSync([...sources[part]], { cwd: repository }))
			watchers.push(watch(join(repository, folder), { recursive: true }, touched));
	}
	return () => {
		for (const watcher of watchers) watcher.close();
		for (const timer of timers.values()) clearTimeout(timer);
	};
}
