"use client";
/** Navigation, palette, shortcuts and messages around every page. */
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { Provider } from "urql";
import { client } from "../graphql/client.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Skeleton } from "../ui/states.tsx";
import { ConnectionChip } from "./connection-chip.tsx";
import { isCurrent, sections } from "./sections.ts";
import css from "./shell.module.css";
import { useShortcuts } from "./shortcuts.ts";
import { Toasts } from "./toasts.tsx";

const Palette = dynamic(() => import("./palette.tsx"), { ssr: false });
const ShortcutSheet = dynamic(() => import("./shortcut-sheet.tsx"), { ssr: false });

/** Pages are drawn in the browser alone: what they show hangs on the address and on the server's answers. */
function InBrowser({ children }: { readonly children: ReactNode }) {
	useSearchParams();
	return children;
}

/** How many sections fit beside "More" on a phone. */
const onPhone = 4;

export function Shell({ children }: { readonly children: ReactNode }) {
	const pathname = usePathname();
	const router = useRouter();
	const [open, setOpen] = useState<"palette" | "keys" | null>(null);
	useShortcuts([
		{ keys: "?", does: "Show the keys", run: () => setOpen("keys") },
		{ keys: "/", does: "Search and commands", run: () => setOpen("palette") },
		...sections.map(({ key, title, href }) => ({ keys: `g ${key}`, does: title, run: () => router.push(href) })),
	]);
	useEffect(() => {
		const listen = (event: KeyboardEvent) => {
			if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
				event.preventDefault();
				setOpen((now) => (now === "palette" ? null : "palette"));
			}
		};
		window.addEventListener("keydown", listen);
		return () => window.removeEventListener("keydown", listen);
	}, []);
	return (
		<Provider value={client}>
			<a className={css.skip} href="#main">
				Skip to the page
			</a>
			<div className={css.frame}>
				<header className={css.side}>
					<Link href="/" className={css.brand}>
						<Icon name="pulse" size={18} />
						Mithridate
					</Link>
					<nav aria-label="Sections">
						<ul className={css.sections}>
							{sections.map((section, index) => (
								<li key={section.href} data-phone={index < onPhone}>
									<Link
										href={section.href}
										prefetch={false}
										aria-current={isCurrent(section, pathname) ? "page" : undefined}
									>
										<Icon name={section.icon} />
										{section.title}
									</Link>
								</li>
							))}
							<li className={css.more}>
								<button type="button" onClick={() => setOpen("palette")}>
									<Icon name="more" />
									More
								</button>
							</li>
						</ul>
					</nav>
					<div className={css.foot}>
						<button type="button" className={css.find} onClick={() => setOpen("palette")}>
							<Icon name="search" size={14} />
							Search <kbd>Ctrl K</kbd>
						</button>
						<IconButton label="Keyboard shortcuts" icon="question" onClick={() => setOpen("keys")} />
					</div>
				</header>
				<main id="main" tabIndex={-1} className={css.main}>
					<Suspense fallback={<Skeleton lines={6} shape="row" />}>
						<InBrowser>{children}</InBrowser>
					</Suspense>
				</main>
			</div>
			<div className={css.corner}>
				<ConnectionChip />
			</div>
			<Toasts />
			{open === "palette" && <Palette close={() => setOpen(null)} />}
			{open === "keys" && <ShortcutSheet close={() => setOpen(null)} />}
		</Provider>
	);
}
