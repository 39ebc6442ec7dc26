/** A crowd of subscribers for some seconds; the whole of it runs by `npm run test:load`. */
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { figure } from "../api/api.fixture.ts";
import { crowd, startProcess } from "./crowd.fixture.ts";

const database = await freshDatabase({ max: 20 });

test.skipIf(process.platform !== "linux")(
	"three hundred subscribers lose nothing, and the server stays small",
	async () => {
		const figures = await crowd(database, await startProcess(database), { subscribers: 300, perSecond: 5, seconds: 5 });
		figure("crowd", { ...figures });
		expect(figures).toMatchObject({ lost: 0, disordered: 0 });
		expect(figures.peakMiB).toBeLessThan(400);
	},
	120_000,
);
