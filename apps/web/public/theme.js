// Before the first paint, so that a chosen theme does not flash; a file of its own, so that no inline script is needed.
try {
	const theme = localStorage.getItem("theme");
	if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
	// Without storage the theme is the system's.
}
