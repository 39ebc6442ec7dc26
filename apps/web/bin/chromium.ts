/** The browser that pictures and tests are made with: Debian's Chromium, or another build that is here already. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where systems put Chromium and its kin. */
const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
	linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/opt/google/chrome/chrome"],
	darwin: [
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	],
	win32: ["C:/Program Files/Google/Chrome/Application/chrome.exe", "C:/Program Files/Chromium/Application/chrome.exe"],
};

/** Nothing that asks the network, the screen or the system for something. */
const args = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

const find = () => places[process.platform]?.find((path) => existsSync(path));

/** Whether this is Debian's root, who may install what is missing: so it is in a container that runs the tests. */
function mayInstall(): boolean {
	const release = "/etc/os-release";
	return process.getuid?.() === 0 && existsSync(release) && /^ID=debian$/m.test(readFileSync(release, "utf8"));
}

function install(): void {
	const wait = ["-o", "DPkg::Lock::Timeout=300"];
	for (const command of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
		const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
		const { status, stderr } = spawnSync("apt-get", [...wait, ...command], { env, encoding: "utf8" });
		if (status !== 0) throw new Error(`apt-get ${command[0]} failed, and Chromium is needed:\n${stderr}`);
	}
}

/** The path of the browser: the one that `MITHRIDATE_CHROMIUM` names, else the system's, installed where that may be. */
export function findChromium(): string {
	const named = process.env.MITHRIDATE_CHROMIUM;
	if (named !== undefined) {
		if (existsSync(named)) return named;
		throw new Error(`MITHRIDATE_CHROMIUM is ${named}, where there is no file. Give the path of Chromium or Chrome.`);
	}
	if (find() === undefined && mayInstall()) install();
	const found = find();
	if (found === undefined)
		throw new Error(
			`Chromium or Chrome is needed and is not at ${places[process.platform]?.join(", ") ?? "a known place"}. ` +
				"Install it (on Debian: apt-get install chromium) or name it in MITHRIDATE_CHROMIUM.",
		);
	return found;
}

/** Starts it with a fresh profile, which goes when it is closed. */
export function openChromium(): Promise<Browser> {
	return chromium.launch({ executablePath: findChromium(), args });
}
