/**
 * The watcher that startReaper() runs: holds one end of a pipe, and when the other end is gone, however that
 * came, ends what carries the mark of the run. The byte that stop() sends dismisses it without harm.
 */
import { Socket } from "node:net";
import { killMarked } from "./marked-processes.ts";

const runId = process.argv[2] ?? "";
const parent = new Socket({ fd: 3 });

parent.once("data", () => process.exit(0));
parent.once("error", () => parent.destroy());
parent.once("close", () => {
  killMarked(runId).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
parent.write("ready");
