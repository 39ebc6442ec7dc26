/** A static export that the API serves at its own address: no server of its own, no image service, no telemetry. */
import type { NextConfig } from "next";

const config: NextConfig = {
	output: "export",
	trailingSlash: false,
	poweredByHeader: false,
	reactStrictMode: true,
	images: { unoptimized: true },
	// `npm run check` holds the types, in both projects at once.
	typescript: { ignoreBuildErrors: true },
	devIndicators: false,
};

export default config;
