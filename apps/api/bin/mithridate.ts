/** The `mithridate` command: runs, studies and data sets of a server, and the programs behind it. See `--help`. */
import { Command, CommanderError } from "commander";
import { datasets } from "./commands/datasets.ts";
import { programs } from "./commands/programs.ts";
import { runs } from "./commands/runs.ts";
import { studies } from "./commands/studies.ts";
import { exitCode, explain } from "./exit.ts";
import { withServer } from "./server.ts";

const mithridate = new Command("mithridate")
	.description("Poison CLIP-like encoders, cure them, and see what happened.")
	.showHelpAfterError("(add --help for what is possible)")
	.exitOverride()
	.addHelpText(
		"after",
		`
Exit codes: 0 done; 1 a fault that is not yours; 2 what you asked for is not possible; 3 the run did not succeed;
4 no server answered, or it did not accept the token; 130 interrupted.`,
	);
for (const command of [runs(), studies(), datasets()]) mithridate.addCommand(withServer(command));
for (const command of programs()) mithridate.addCommand(command);

try {
	await mithridate.parseAsync();
} catch (error) {
	// Commander has said what is wrong by itself.
	if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
	process.exitCode = exitCode(error);
}
