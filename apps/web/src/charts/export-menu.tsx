"use client";
/** What every chart and table can be copied and saved as. */
import { use } from "react";
import { Menu } from "../ui/menu.tsx";
import type { ChartTable } from "./chart-table.ts";
import { copyPicture, copyText, download, toCsv, toPng } from "./export.ts";
import { type Operation, OperationContext, operationText, sandboxAddress } from "./operation.ts";
import { tableToSvg } from "./table-svg.ts";

interface ExportMenuProps {
	readonly title: string;
	readonly table: () => ChartTable;
	/** The operation that gives these numbers; the page's where it is left out. */
	readonly operation?: Operation | undefined;
	/** The drawing as SVG text; the table is drawn where there is none. */
	readonly svg?: (() => string | null) | undefined;
}

export function ExportMenu({ title, table, operation, svg }: ExportMenuProps) {
	const outer = use(OperationContext);
	const asked = operation ?? outer;
	const name = title.toLowerCase().replaceAll(/[^a-z0-9@]+/g, "-");
	const csv = () => {
		const { columns, rows } = table();
		return toCsv([columns, ...rows]);
	};
	const picture = () => svg?.() ?? tableToSvg(title, table());
	const save = (ending: string, content: string | Blob, type: string) =>
		download(`${name}.${ending}`, new Blob([content], { type }));
	return (
		<Menu
			label={`Copy or save ${title}`}
			items={[
				...(asked
					? [
							{ title: "Copy as GraphQL", run: () => void copyText(operationText(asked), "GraphQL") },
							{ title: "Open in GraphiQL", run: () => void window.open(sandboxAddress(asked), "_blank", "noopener") },
						]
					: []),
				{ title: "Copy as CSV", run: () => void copyText(csv(), "CSV") },
				{ title: "Copy as PNG", run: () => void copyPicture(toPng(picture())) },
				{ title: "Copy as SVG", run: () => void copyText(picture(), "SVG") },
				{ title: "Save CSV", run: () => save("csv", csv(), "text/csv") },
				{ title: "Save PNG", run: () => void toPng(picture()).then((file) => save("png", file, "image/png")) },
				{ title: "Save SVG", run: () => save("svg", picture(), "image/svg+xml") },
			]}
		/>
	);
}
