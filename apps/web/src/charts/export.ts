"use client";
/** Charts as files and as text for the clipboard. */
import { toast } from "../shell/toasts.tsx";

/**
 * A table as CSV (RFC 4180): cells with commas, quotes or line breaks stand in quotes. A text that a spreadsheet would
 * run as a formula has an apostrophe before it.
 */
export function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
	const cell = (value: string | number | null) => {
		const text = typeof value === "string" ? value.replace(/^[=+\-@\t\r]/, "'$&") : String(value ?? "");
		return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	};
	return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** What a clipboard takes; refused where the page is not served securely or the reader said no. */
async function copy(put: () => Promise<void>, what: string): Promise<void> {
	try {
		await put();
		toast(`${what} copied`);
	} catch (error) {
		toast(`The browser did not let ${what} be copied: ${error instanceof Error ? error.message : error}`);
	}
}

export const copyText = (text: string, what: string) => copy(() => navigator.clipboard.writeText(text), what);

/** The picture is handed over as a promise: a clipboard wants to be asked within the click. */
export const copyPicture = (picture: Promise<Blob>) =>
	copy(() => navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]), "PNG");

/** Hands a file to the browser's downloads. */
export function download(name: string, content: Blob): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(content);
	link.download = name;
	link.click();
	URL.revokeObjectURL(link.href);
}

/** Properties that a picture needs to look outside of this page as it does inside. */
const drawnBy = [
	"fill",
	"stroke",
	"stroke-width",
	"stroke-dasharray",
	"opacity",
	"font-family",
	"font-size",
	"text-anchor",
];

/** A drawing of the page as a file of its own: styles that come from the page are written into it. */
export function toSvg(drawing: SVGSVGElement): string {
	const copy = drawing.cloneNode(true) as SVGSVGElement;
	const originals = [drawing, ...drawing.querySelectorAll("*")];
	for (const [index, element] of [copy, ...copy.querySelectorAll("*")].entries()) {
		const style = getComputedStyle(originals[index]!);
		for (const property of drawnBy) element.setAttribute(property, style.getPropertyValue(property));
		element.removeAttribute("class");
	}
	const box = drawing.getBoundingClientRect();
	copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	copy.setAttribute("width", String(box.width));
	copy.setAttribute("height", String(box.height));
	return new XMLSerializer().serializeToString(copy);
}

/** A drawing as PNG, on the page's own ground. */
export async function toPng(drawing: string): Promise<Blob> {
	const image = new Image();
	const address = URL.createObjectURL(new Blob([drawing], { type: "image/svg+xml" }));
	image.src = address;
	await image.decode();
	// Twice the size, for screens with small pixels.
	const canvas = new OffscreenCanvas(2 * image.width, 2 * image.height);
	const context = canvas.getContext("2d");
	if (context) {
		context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--surface");
		context.fillRect(0, 0, canvas.width, canvas.height);
		context.drawImage(image, 0, 0, canvas.width, canvas.height);
	}
	URL.revokeObjectURL(address);
	return canvas.convertToBlob();
}
