// The sandbox's child process. It is bundled into one script and passed on the command line: it may read no file.
import type { RunMessage } from "../flow.ts";
import { createFlowRunner } from "./flow-runner.ts";
import { freezePureModules, lockDown } from "./lockdown.ts";

const runner = createFlowRunner();
const owner = process;
let crashed = false;

owner.on("disconnect", () => {
  kept.exit(0);
});
owner.on("message", (message: RunMessage) => {
  void runner
    .run(message, (index) => {
      // With one Action the parent knows which.
      if (message.actions.length > 1) kept.send({ type: "started", index });
    })
    .then((result) => {
      if (!crashed) kept.send({ type: "result", result });
    });
});
owner.on("uncaughtException", (error) => {
  const result = runner.crashedResult(error);
  // Without a flow it is a leftover of one that has ended: nothing to report.
  if (!result) return;
  crashed = true;
  kept.send({ type: "crashed", result });
});
owner.on("unhandledRejection", () => {
  // An Action that does not wait for a promise does not learn how it ended, in Auth0 as here.
});

freezePureModules();
const kept = lockDown();
kept.send({ type: "ready" });
