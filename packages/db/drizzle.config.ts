/** Where drizzle-kit finds the tables and puts migrations: `npx drizzle-kit generate` in this folder. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
	dialect: "postgresql",
	schema: "./src/schema/index.ts",
	out: "./src/migrations",
	casing: "snake_case",
});
