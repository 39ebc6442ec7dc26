"use client";
/** All runs: facets, columns, groups over seeds and a baseline, each of them part of the address. */
import { type ReactNode, useMemo, useState } from "react";
import { useQuery } from "urql";
import { ExportMenu } from "../charts/export-menu.tsx";
import { type Pages, usePages } from "../graphql/use-pages.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { formatWhole } from "../ui/format.ts";
import { Empty, Failure, Skeleton } from "../ui/states.tsx";
import { changeAddress, useListParameter, useParameter } from "../url.ts";
import { columnsOf, hiddenAtFirst, type OrderName, orders, tableOf } from "./columns.tsx";
import { ColumnChooser, Facets, useRunFilter } from "./facets.tsx";
import { GroupsTable } from "./groups-table.tsx";
import { RunPeek } from "./run-peek.tsx";
import css from "./runs.module.css";
import { BaselineQuery, RunGroupsQuery, RunsQuery } from "./runs-query.ts";
import { RunsTable } from "./runs-table.tsx";
import { SavedViews } from "./saved-views.tsx";
import { mostSelected, toggled } from "./selection.ts";

export function RunsPage() {
	const [by, setBy] = useParameter("by", "run");
	return (
		<div className={css.page}>
			<header className={css.header}>
				<h1>Runs</h1>
				<ButtonLink href="/new" icon="plus" look="primary">
					New run
				</ButtonLink>
			</header>
			<Facets>
				<SavedViews />
				<Button aria-pressed={by === "group"} onClick={() => setBy(by === "group" ? null : "group")}>
					Group over seeds
				</Button>
				{by !== "group" && <ColumnChooser />}
			</Facets>
			{by === "group" ? <Groups /> : <Single />}
		</div>
	);
}

function Found<Row>({ pages, children }: { readonly pages: Pages<Row>; readonly children: ReactNode }) {
	if (pages.error && pages.rows.length === 0) return <Failure error={pages.error} retry={pages.refresh} />;
	if (!pages.isLoaded) return <Skeleton shape="row" lines={12} />;
	if (pages.rows.length === 0)
		return (
			<Empty title="No run matches">
				Take away a filter, or <ButtonLink href="/new">start a run</ButtonLink>
			</Empty>
		);
	return children;
}

function Groups() {
	const filter = useRunFilter();
	const pages = usePages({
		query: RunGroupsQuery,
		variables: { filter, first: 50 },
		pageOf: ({ runGroups }) => runGroups,
		idOf: ({ groupHash }) => groupHash,
	});
	return (
		<Found pages={pages}>
			<GroupsTable pages={pages} />
		</Found>
	);
}

function Single() {
	const filter = useRunFilter();
	const [selected, setSelected] = useListParameter("sel");
	const [peeked, peek] = useParameter("peek");
	const [baseline, setBaseline] = useParameter("base");
	const [hidden] = useListParameter("hide");
	const [shown] = useListParameter("show");
	const [now] = useState(Date.now);
	const [order, setOrder] = useParameter("order");
	const named = orders[order.replace(/-asc$/, "") as OrderName];
	const pages = usePages({
		query: RunsQuery,
		variables: {
			filter,
			first: 100,
			...(named && { orderBy: { field: named.field, direction: order.endsWith("-asc") ? "ASC" : "DESC" } as const }),
		},
		pageOf: ({ runs }) => runs,
		idOf: ({ id }) => id,
	});
	const [{ data }] = useQuery({
		query: BaselineQuery,
		variables: { number: Number(baseline) },
		pause: !/^\d+$/.test(baseline),
	});
	const base = baseline === "" ? null : (data?.run ?? null);
	const columns = useMemo(() => columnsOf(base, now), [base, now]);
	const hiddenNow = [...hiddenAtFirst.filter((id) => !shown.includes(id)), ...hidden];
	return (
		<Found pages={pages}>
			<div className={css.beside} data-peeking={peeked !== ""}>
				<RunsTable
					pages={pages}
					columns={columns}
					visibility={Object.fromEntries(hiddenNow.map((id) => [id, false]))}
					selected={selected}
					select={setSelected}
					peeked={peeked}
					peek={peek}
					baseline={baseline}
					setBaseline={setBaseline}
					order={order}
					setOrder={setOrder}
				/>
				{peeked !== "" && (
					<RunPeek
						number={peeked}
						isSelected={selected.includes(peeked)}
						select={() => setSelected(toggled(selected, peeked))}
						close={() => peek(null)}
					/>
				)}
			</div>
			<footer className={css.footer}>
				<span>
					{formatWhole(pages.rows.length)} of {formatWhole(pages.total)} runs
				</span>
				<ExportMenu
					title="Runs"
					operation={{ document: RunsQuery, variables: { filter, first: 100 } }}
					table={() => tableOf(pages.rows)}
				/>
				{base && (
					<Button icon="close" onClick={() => setBaseline(null)}>
						Deltas against run {base.number}
					</Button>
				)}
				{selected.length > 0 && (
					<>
						<Button icon="close" onClick={() => changeAddress({ sel: null })}>
							{selected.length} selected{selected.length === mostSelected && ", as many as compare takes"}
						</Button>
						{selected.length === 1 && selected[0] !== baseline && (
							<Button onClick={() => setBaseline(selected[0] ?? null)}>Use as baseline</Button>
						)}
						{selected.length > 1 && (
							<ButtonLink icon="compare" href={`/compare?runs=${selected.join(",")}`}>
								Compare
							</ButtonLink>
						)}
					</>
				)}
			</footer>
		</Found>
	);
}
