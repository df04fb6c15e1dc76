import { bundleCommand } from "./commands/bundle.ts";
import { runMain } from "./run-main.ts";

/** `npm run --silent bundle`: the same as `pictures bundle`. */
runMain(bundleCommand());
