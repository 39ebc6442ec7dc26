/** The places of the dashboard, in the order of the navigation; the palette and the keyboard use the same list. */
import type { IconName } from "../ui/icon.tsx";

export interface Section {
	readonly href: string;
	readonly title: string;
	readonly icon: IconName;
	/** Pressed after `g`. */
	readonly key: string;
	/** Pages under this section that have an address of their own. */
	readonly includes?: readonly string[];
}

export const sections: readonly Section[] = [
	{ href: "/", title: "Home", icon: "home", key: "h" },
	{ href: "/studies", title: "Studies", icon: "grid", key: "s", includes: ["/study"] },
	{ href: "/runs", title: "Runs", icon: "rows", key: "r", includes: ["/run"] },
	{ href: "/new", title: "New run", icon: "plus", key: "n" },
	{ href: "/compare", title: "Compare", icon: "compare", key: "c" },
	{ href: "/datasets", title: "Data sets", icon: "images", key: "d" },
	{ href: "/thresholds", title: "Threshold lab", icon: "threshold", key: "t" },
	{ href: "/models", title: "Models", icon: "cube", key: "m" },
	{ href: "/workers", title: "Workers", icon: "worker", key: "w" },
	{ href: "/api", title: "API", icon: "braces", key: "a" },
];

export function isCurrent(section: Section, pathname: string): boolean {
	return pathname === section.href || (section.includes?.includes(pathname) ?? false);
}
