/** The icons: strokes on a 16 px grid, always beside or instead of a word that is there for those who cannot see them. */

const paths = {
	home: "M2.5 7.5 8 3l5.5 4.5V13h-4V9.5h-3V13h-4z",
	grid: "M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z",
	rows: "M2.5 4h11M2.5 8h11M2.5 12h11",
	plus: "M8 3v10M3 8h10",
	compare: "M5.5 2.5v11M10.5 2.5v11M2.5 6h3M10.5 10h3",
	images: "M2.5 4.5h9v9h-9zM5 2.5h8.5V11M2.5 11l3-3 3 3 1-1 2 2",
	threshold: "M2.5 13c2 0 2-8 4-8s2 8 4 8M8 13c1.5 0 1.5-5 3-5s1.5 5 3 5M8.5 2v12",
	cube: "M8 2l5.5 3v6L8 14l-5.5-3V5zM2.5 5 8 8l5.5-3M8 8v6",
	worker: "M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14",
	braces:
		"M6 2.5c-2 0-2 1-2 2.5s0 3-2 3c2 0 2 1.5 2 3s0 2.5 2 2.5M10 2.5c2 0 2 1 2 2.5s0 3 2 3c-2 0-2 1.5-2 3s0 2.5-2 2.5",
	check: "M3 8.5 6.5 12 13 4.5",
	cross: "M4 4l8 8M12 4l-8 8",
	pause: "M5.5 3.5v9M10.5 3.5v9",
	play: "M5 3l8 5-8 5z",
	clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.5l2 1.5",
	stop: "M4 4h8v8H4z",
	warning: "M8 2.5 14 13H2zM8 6.5v3M8 11v.6",
	pulse: "M1.5 8.5h3L6.5 4l3 8 2-3.5h3",
	search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14",
	more: "M3 8h.01M8 8h.01M13 8h.01",
	retry: "M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3",
	copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
	question: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.8M8 12.5v.1",
	table: "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 3v10",
	chart: "M2.5 2.5v11h11M5 10l2.5-3 2 2 3.5-5",
	close: "M4 4l8 8M12 4l-8 8",
	down: "M4 6l4 4 4-4",
	right: "M6 4l4 4-4 4",
	link: "M7 9l2-2M6 6.5 4 8.5a2.5 2.5 0 0 0 3.5 3.5l2-2M10 9.5l2-2A2.5 2.5 0 0 0 8.5 4l-2 2",
	columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
	archive: "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 9h3",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
	return (
		<svg
			width={size}
			height={size}
			viewBox="0 0 16 16"
			fill="none"
			stroke="currentColor"
			strokeWidth={name === "more" ? 2 : 1.4}
			strokeLinecap="round"
			strokeLinejoin="round"
			aria-hidden="true"
		>
			<path d={paths[name]} />
		</svg>
	);
}
