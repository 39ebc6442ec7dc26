/** `npm run test:load`: what takes minutes and wants the machine to itself. */
import config from "./vitest.config.ts";

export default {
	...config,
	test: { ...config.test, include: ["tests/**/*.load.ts", "tests/api/response-times.test.ts"], fileParallelism: false },
};
