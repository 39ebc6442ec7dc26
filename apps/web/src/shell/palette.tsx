"use client";
/** The command palette: places, the newest runs and studies that match, themes. */
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useQuery } from "urql";
import { sandboxAddress } from "../charts/operation.ts";
import { askedHere } from "../graphql/asked.ts";
import { graphql } from "../graphql/document.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Status } from "../ui/status.tsx";
import css from "./palette.module.css";
import { sections } from "./sections.ts";
import { setTheme } from "./theme.ts";

const PaletteQuery = graphql(`
	query Palette {
		runs(first: 30) {
			nodes {
				id
				number
				name
				status
			}
		}
		studies(first: 20) {
			nodes {
				id
				slug
				name
			}
		}
	}
`);

const themes = [
	{ title: "Theme of the system", theme: "system" },
	{ title: "Light theme", theme: "light" },
	{ title: "Dark theme", theme: "dark" },
] as const;

export default function Palette({ close }: { readonly close: () => void }) {
	const router = useRouter();
	const [text, setText] = useState("");
	// The palette's own query is none of the page's.
	const [asked] = useState(() => askedHere().filter(({ name }) => name !== "Palette"));
	const [{ data }] = useQuery({ query: PaletteQuery, requestPolicy: "cache-and-network" });
	const go = (href: string) => () => {
		close();
		router.push(href);
	};
	const number = /^#?(\d{1,9})$/.exec(text.trim())?.[1];
	return (
		<Dialog title="Search and commands" close={close} bare>
			<Command className={css.palette} label="Search and commands" loop>
				<Command.Input
					value={text}
					onValueChange={setText}
					placeholder="Go to a page, a run or a study"
					className={css.input}
				/>
				<Command.List className={css.list}>
					<Command.Empty className={css.nothing}>Nothing matches.</Command.Empty>
					{number && (
						<Command.Item value={`#${number} ${number}`} onSelect={go(`/run?n=${number}`)}>
							<Icon name="right" /> Open run {number}
						</Command.Item>
					)}
					<Command.Group heading="Places">
						{sections.map(({ href, title, icon, key }) => (
							<Command.Item key={href} value={title} onSelect={go(href)}>
								<Icon name={icon} /> {title}
								<kbd>g {key}</kbd>
							</Command.Item>
						))}
					</Command.Group>
					<Command.Group heading="Runs">
						{data?.runs.nodes.map((run) => (
							<Command.Item key={run.id} value={`run ${run.number} ${run.name}`} onSelect={go(`/run?n=${run.number}`)}>
								<Status status={run.status} bare /> <span className={css.number}>{run.number}</span> {run.name}
							</Command.Item>
						))}
					</Command.Group>
					<Command.Group heading="Studies">
						{data?.studies.nodes.map((study) => (
							<Command.Item
								key={study.id}
								value={`study ${study.name} ${study.slug}`}
								onSelect={go(`/study?s=${encodeURIComponent(study.slug)}`)}
							>
								<Icon name="grid" /> {study.name}
							</Command.Item>
						))}
					</Command.Group>
					{asked.length > 0 && (
						<Command.Group heading="Queries of this page, in GraphiQL">
							{asked.map((one) => (
								<Command.Item
									key={one.name}
									value={`graphql query ${one.name}`}
									onSelect={() => {
										close();
										window.open(sandboxAddress(one), "_blank", "noopener");
									}}
								>
									<Icon name="braces" /> {one.name}
								</Command.Item>
							))}
						</Command.Group>
					)}
					<Command.Group heading="Theme">
						{themes.map(({ title, theme }) => (
							<Command.Item
								key={theme}
								value={title}
								onSelect={() => {
									setTheme(theme);
									close();
								}}
							>
								{title}
							</Command.Item>
						))}
					</Command.Group>
				</Command.List>
			</Command>
		</Dialog>
	);
}
