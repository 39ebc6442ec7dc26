"use client";
/** Named views of the run table: a view is its address, so that a link carries all of it; names are kept in the browser. */
import { useSearchParams } from "next/navigation";
import { type FormEvent, useState, useSyncExternalStore } from "react";
import { copyText } from "../charts/export.ts";
import { toast } from "../shell/toasts.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Menu } from "../ui/menu.tsx";
import css from "./runs.module.css";
import { parseViews, type SavedView, sameView, withoutPassing } from "./views.ts";

const own = "views:runs";

/** What everybody begins with. */
const usual: readonly SavedView[] = [
	{ name: "All runs", search: "" },
	{ name: "Running and waiting", search: "status=RUNNING,QUEUED,PAUSED" },
	{ name: "What failed", search: "status=FAILED,QUARANTINED" },
	{ name: "Strongest attacks first", search: "order=hit" },
	{ name: "Seeds together", search: "by=group" },
];

const listeners = new Set<() => void>();
const listen = (listener: () => void) => {
	listeners.add(listener);
	return () => listeners.delete(listener);
};

function keep(views: readonly SavedView[]): void {
	localStorage.setItem(own, JSON.stringify(views));
	for (const listener of listeners) listener();
}

function show(search: string): void {
	window.history.replaceState(null, "", search === "" ? window.location.pathname : `?${search}`);
}

export function SavedViews() {
	const stored = useSyncExternalStore(
		listen,
		() => localStorage.getItem(own) ?? "",
		() => "",
	);
	const saved = parseViews(stored);
	const search = withoutPassing(useSearchParams().toString());
	const [isNaming, setNaming] = useState(false);
	const current = [...saved, ...usual].find((view) => sameView(view.search, search));
	const mine = saved.find((view) => sameView(view.search, search));
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const name = String(new FormData(event.currentTarget).get("name")).trim();
		if (name === "") return;
		keep([...saved.filter((view) => view.name !== name), { name, search }]);
		setNaming(false);
		toast(`This view is kept as "${name}"`);
	};
	return (
		<>
			<Menu
				label="Views"
				icon="down"
				items={[
					...[...usual, ...saved].map((view) => ({
						title: `${view === current ? "✓ " : ""}${view.name}`,
						run: () => show(view.search),
					})),
					{ title: "Keep this view as …", run: () => setNaming(true), isApart: true },
					...(mine ? [{ title: `Forget "${mine.name}"`, run: () => keep(saved.filter((view) => view !== mine)) }] : []),
					{ title: "Copy a link to this view", run: () => void copyText(window.location.href, "Link") },
				]}
			>
				{current?.name ?? "View"}
			</Menu>
			{isNaming && (
				<Dialog title="Keep this view" close={() => setNaming(false)}>
					<form className={css.naming} onSubmit={submit}>
						<Field
							label="Name"
							hint="Filters, columns, order and baseline are kept; other people get them by its link."
						>
							{(control) => <input {...control} name="name" required maxLength={60} autoComplete="off" />}
						</Field>
						<Button type="submit" look="primary">
							Keep it
						</Button>
					</form>
				</Dialog>
			)}
		</>
	);
}
