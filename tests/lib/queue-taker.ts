/** For lock-queue.test.ts: takes one lock so many times, beside others that do the same, and notes when it had it. */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { waitForLock } from "../../lib/lock-queue.ts";

const [file = "", times = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  for (let taken = 0; taken < Number(times); taken += 1) {
    const lock = await waitForLock(file, { note: undefined, onHeld: () => undefined });
    const from = process.hrtime.bigint();
    await sleep(5);
    appendFileSync(`${file}.log`, `${from} ${process.hrtime.bigint()} ${process.pid}\n`);
    lock.release();
  }
}

void main();
