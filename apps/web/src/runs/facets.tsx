"use client";
/** The filters of the run table, kept in the address. */
import { type ReactNode, useDeferredValue, useMemo } from "react";
import { useQuery } from "urql";
import { graphql } from "../graphql/document.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { type RunStatus, statuses, statusWord } from "../ui/status.tsx";
import ui from "../ui/ui.module.css";
import { changeAddress, useListParameter, useParameter } from "../url.ts";
import { choosable, hiddenAtFirst } from "./columns.tsx";
import css from "./runs.module.css";

const FacetsQuery = graphql(`
	query RunFacets {
		catalog {
			attacks {
				name
				title
			}
			defenses {
				name
				title
			}
		}
	}
`);

const isStatus = (word: string): word is RunStatus => (statuses as readonly string[]).includes(word);

/** What the address filters by, as the server wants it. */
export function useRunFilter() {
	const [text] = useParameter("q");
	const [status] = useListParameter("status");
	const [attack] = useListParameter("attack");
	const [defense] = useListParameter("defense");
	const [tag] = useParameter("tag");
	const [group] = useParameter("group");
	const [study] = useParameter("study");
	const [archived] = useParameter("archived");
	const typed = useDeferredValue(text);
	return useMemo(
		() => ({
			...(typed && { text: typed }),
			...(status.length > 0 && { status: status.filter(isStatus) }),
			...(attack.length > 0 && { attack: [...attack] }),
			...(defense.length > 0 && { defense: [...defense] }),
			...(tag && { tag }),
			...(group && { groupHash: group }),
			...(study && { studyId: study }),
			...(archived && { isArchived: true }),
		}),
		[typed, status, attack, defense, tag, group, study, archived],
	);
}

const toggled = (values: readonly string[], value: string) =>
	values.includes(value) ? values.filter((one) => one !== value) : [...values, value];

export function Facets({ children }: { readonly children: ReactNode }) {
	const [text, setText] = useParameter("q");
	const [status, setStatus] = useListParameter("status");
	const [attack, setAttack] = useListParameter("attack");
	const [defense, setDefense] = useListParameter("defense");
	const [group] = useParameter("group");
	const [study] = useParameter("study");
	const [{ data }] = useQuery({ query: FacetsQuery });
	const isFiltered = text !== "" || status.length + attack.length + defense.length > 0 || group !== "" || study !== "";
	const choice = (title: string, chosen: readonly string[]) =>
		chosen.length > 0 ? `${title}: ${chosen.length}` : title;
	return (
		<search className={css.facets}>
			<input
				type="search"
				className={ui.input}
				value={text}
				onChange={(event) => setText(event.target.value)}
				placeholder="Name, number or tag"
				aria-label="Search runs"
			/>
			<Menu
				label="State"
				icon="down"
				items={statuses.map((one) => ({
					title: `${status.includes(one) ? "✓ " : ""}${statusWord(one)}`,
					run: () => setStatus(toggled(status, one)),
				}))}
			>
				{choice("State", status)}
			</Menu>
			<Menu
				label="Attack"
				icon="down"
				items={(data?.catalog.attacks ?? []).map(({ name, title }) => ({
					title: `${attack.includes(name) ? "✓ " : ""}${title}`,
					run: () => setAttack(toggled(attack, name)),
				}))}
			>
				{choice("Attack", attack)}
			</Menu>
			<Menu
				label="Defense"
				icon="down"
				items={(data?.catalog.defenses ?? []).map(({ name, title }) => ({
					title: `${defense.includes(name) ? "✓ " : ""}${title}`,
					run: () => setDefense(toggled(defense, name)),
				}))}
			>
				{choice("Defense", defense)}
			</Menu>
			{children}
			{isFiltered && (
				<Button
					look="quiet"
					icon="close"
					onClick={() =>
						changeAddress({ q: null, status: null, attack: null, defense: null, group: null, study: null, tag: null })
					}
				>
					Clear
				</Button>
			)}
		</search>
	);
}

/** Shows and hides columns; the address names those that differ from the first view. */
export function ColumnChooser() {
	const [hidden, setHidden] = useListParameter("hide");
	const [shown, setShown] = useListParameter("show");
	const isShown = (id: string) => (hiddenAtFirst.includes(id) ? shown.includes(id) : !hidden.includes(id));
	return (
		<Menu
			label="Columns"
			icon="columns"
			items={choosable.map(([id, title]) => ({
				title: `${isShown(id) ? "✓ " : ""}${title}`,
				run: () => (hiddenAtFirst.includes(id) ? setShown(toggled(shown, id)) : setHidden(toggled(hidden, id))),
			}))}
		>
			Columns
		</Menu>
	);
}
