/** The theme: the system's unless somebody chose. `public/theme.js` applies the choice before the first paint. */

type Theme = "system" | "light" | "dark";

/** Announces a change to charts, which hold colours as pixels. */
const themeChanged = "mithridate:theme";

export function setTheme(theme: Theme): void {
	if (theme === "system") {
		localStorage.removeItem("theme");
		delete document.documentElement.dataset.theme;
	} else {
		localStorage.setItem("theme", theme);
		document.documentElement.dataset.theme = theme;
	}
	window.dispatchEvent(new Event(themeChanged));
}

/** Calls back whenever colours may have changed, by choice or by the system. */
export function onThemeChange(listener: () => void): () => void {
	const system = window.matchMedia("(prefers-color-scheme: dark)");
	system.addEventListener("change", listener);
	window.addEventListener(themeChanged, listener);
	return () => {
		system.removeEventListener("change", listener);
		window.removeEventListener(themeChanged, listener);
	};
}
