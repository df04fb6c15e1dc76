import { bundleCommand } from "./bundle-command.ts";
import { runMain } from "./run-command.ts";

/** `npm run --silent bundle`: the same as `pictures bundle`. */
runMain(bundleCommand());
