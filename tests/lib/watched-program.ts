/** For watch-owner.test.ts: says its pid, and ends with status 3 when its owner is gone. */
import { watchOwner } from "../../lib/watch-owner.ts";

watchOwner({ onGone: () => process.exit(3), everyMs: 50 });
process.stdout.write(`${process.pid}\n`);
setInterval(() => undefined, 1000);
