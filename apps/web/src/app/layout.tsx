/** The frame of every page: document, theme, shell, and the client that all pages ask. */
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Shell } from "../shell/shell.tsx";
import "./tokens.css";
import "./base.css";

export const metadata: Metadata = {
	title: { default: "Mithridate", template: "%s · Mithridate" },
	description: "Watch a model being poisoned and cured.",
};

export const viewport: Viewport = {
	width: "device-width",
	initialScale: 1,
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#f6f5f1" },
		{ media: "(prefers-color-scheme: dark)", color: "#121411" },
	],
};

export default function Layout({ children }: { readonly children: ReactNode }) {
	return (
		<html lang="en" suppressHydrationWarning>
			<head>
				{/* Must run before the first paint: it is 300 bytes and cached. */}
				<script src="/theme.js" />
			</head>
			<body>
				<Shell>{children}</Shell>
			</body>
		</html>
	);
}
