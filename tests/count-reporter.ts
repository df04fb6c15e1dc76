// Mocha takes a reporter from `module.exports`, and only this form of import goes with `export =`.
import fs = require("node:fs");
import Mocha = require("mocha");

/** Mocha's own `spec` report, and for tests/run.ts the counts as JSON in the file that the option `counts` names. */
class CountReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { counts } = (options as { reporterOption: unknown }).reporterOption as { counts: string };
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      fs.writeFileSync(counts, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}

export = CountReporter;
