"use client";
/** All keys that work on the page that is open. */
import { Dialog } from "../ui/dialog.tsx";
import css from "./shell.module.css";
import { boundShortcuts } from "./shortcuts.ts";

export default function ShortcutSheet({ close }: { readonly close: () => void }) {
	const rows = [{ keys: "Ctrl K", does: "Search and commands" }, ...boundShortcuts()];
	return (
		<Dialog title="Keys" close={close}>
			<dl className={css.keys}>
				{rows.map(({ keys, does }) => (
					<div key={keys}>
						<dt>
							{keys.split(" ").map((key) => (
								<kbd key={key}>{key}</kbd>
							))}
						</dt>
						<dd>{does}</dd>
					</div>
				))}
			</dl>
		</Dialog>
	);
}
