import { bundleCommand } from "./bundle-command.ts";
import { runMain } from "./run-command.ts";
import * as writing from "./write-bundle.ts";

/**
 * `npm run --silent bundle`: the same as `pictures bundle`. `pictures impact` runs this file of any commit. Former versions of
 * it do so with a loader, where a TypeScript file cannot be import()ed: so what writes the files is loaded at once.
 */
runMain(bundleCommand(() => Promise.resolve(writing)));
