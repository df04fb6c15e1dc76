/** For isolation.test.ts: says the pid of a sandbox's child and keeps that child in an endless loop. */
import { startSandboxChild } from "../../sandbox/sandbox-child.ts";
import { action } from "./action.ts";

const child = startSandboxChild();
void child.ready.then(() => {
  void child.run([action("for (;;);")], "{}", 60_000);
  process.stdout.write(`${child.pid ?? 0}\n`);
});
