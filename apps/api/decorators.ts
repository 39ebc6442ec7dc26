/**
 * Lets Node run the decorators of the GraphQL types: `node --import ./apps/api/decorators.ts <program>`.
 *
 * Node strips types and leaves decorators, which JavaScript does not have yet. This hook compiles only files under
 * `apps/api/src` that decorate something; each states its types to type-graphql, so no metadata is emitted.
 */
import "reflect-metadata";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "oxc-transform";

const sources = new URL("./src/", import.meta.url).href;
const decorated = /^\s*@[A-Z]\w*\(/m;

registerHooks({
	load(url, context, next) {
		if (!url.startsWith(sources) || !url.endsWith(".ts")) return next(url, context);
		const path = fileURLToPath(url);
		const text = readFileSync(path, "utf8");
		if (!decorated.test(text)) return next(url, context);
		const { code, errors, map } = transformSync(path, text, {
			lang: "ts",
			target: "es2024",
			sourcemap: true,
			decorator: { legacy: true },
			// A field without a value is a declaration for the type checker; kept, it would hide an inherited getter.
			typescript: { onlyRemoveTypeImports: true, removeClassFieldsWithoutInitializer: true },
		});
		if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map(({ message }) => message).join("; ")}`);
		const inline = Buffer.from(JSON.stringify(map)).toString("base64");
		return {
			format: "module",
			shortCircuit: true,
			source: `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`,
		};
	},
});
