import { spawn } from "node:child_process";
import { callerFolder } from "../lib/environment.ts";
import { ExpectedError, UsageError } from "../lib/errors.ts";
import { localEnvironment, localFolder, ownFolder, readRunFile } from "./start/local-folder.ts";
import { reportFailure } from "./start/report-failure.ts";

/** `npm run --silent local -- COMMAND…`: runs a command on the world that `npm start` keeps running. */
function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === undefined) {
    throw new UsageError("bad-usage", "Usage: npm run --silent local -- COMMAND [ARGUMENT ...]");
  }
  const folder = localFolder(ownFolder);
  const env = localEnvironment(process.env, folder, readRunFile(folder));
  const child = spawn(command, args, {
    cwd: callerFolder(),
    env,
    stdio: "inherit",
  });
  // The terminal sends Ctrl-C to the command as well; what it makes of it is its own exit code.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new ExpectedError("no-such-command", `${command} cannot be run: ${cause.message}.`, { cause })),
    );
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

reportFailure(async () => main(process.argv.slice(2)));
