/** For isolation.test.ts: says the pid of a sandbox's process and keeps that process in an endless loop. */
import { startFlowProcess } from "../../sandbox/flow-process.ts";
import { auth0TimeLimit, frame, requestKinds } from "../../sandbox/frames.ts";
import { action } from "./action.ts";

const child = startFlowProcess({ actions: [action("for (;;);")], timeLimit: auth0TimeLimit });
void child.ready.then(() => {
  void child.request(frame(requestKinds.run, Uint8Array.of(0), "{}"), 60_000);
  process.stdout.write(`${child.pid ?? 0}\n`);
});
