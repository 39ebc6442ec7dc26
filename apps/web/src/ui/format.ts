/** Numbers, times and names as people read them. */

const share = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const shareTick = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const rank = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en");
const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: true });
const dateTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** What stands where there is no number. */
const missing = "–";

export const formatShare = (value: number | null | undefined) => (value == null ? missing : share.format(value));
/** For axes, where round shares stand: 50%, 0.5%. */
export const formatShareTick = (value: number) => shareTick.format(value);
export const formatRank = (value: number | null | undefined) => (value == null ? missing : rank.format(value));
export const formatWhole = (value: number | null | undefined) => (value == null ? missing : whole.format(value));

/** Four significant digits; very small and very large numbers in powers of ten. */
export function formatNumber(value: number | null | undefined): string {
	if (value == null) return missing;
	if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(2).replace("e+", "e").replace("-", "−");
	return significant.format(value).replace("-", "−");
}

/** 7.4 s, 3 min 12 s, 2 h 05 min. */
export function formatDuration(seconds: number | null | undefined): string {
	if (seconds == null) return missing;
	if (seconds < 60) return `${seconds < 10 ? Math.max(0, seconds).toFixed(1) : Math.round(seconds)} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${String(Math.round(seconds % 60)).padStart(2, "0")} s`;
	return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

export function formatBytes(bytes: number): string {
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
	return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

export const formatTime = (iso: string | null | undefined) => (iso ? dateTime.format(new Date(iso)) : missing);

/** "12 s ago", "3 h ago"; `now` in milliseconds is an argument so that a page can move it. */
export function formatAgo(iso: string | null | undefined, now: number): string {
	if (!iso) return missing;
	const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
	if (seconds < 60) return `${seconds} s ago`;
	if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
	if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
	return `${Math.round(seconds / 86_400)} d ago`;
}

/** `singleLabel`, `SingleLabelAttack` and `single-label` as "single label". */
export function formatName(name: string): string {
	return name
		.replace(/(Attack|Defense)$/, "")
		.replace(/([a-z])([A-Z])/g, "$1 $2")
		.replaceAll(/[-_]/g, " ")
		.toLowerCase();
}

export const shortHash = (hash: string) => hash.slice(0, 10);
