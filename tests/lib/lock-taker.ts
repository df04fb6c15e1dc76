/**
 * For lock.test.ts: takes one lock again and again until a time, beside others that do the same, and notes when it had it.
 * Every other time it leaves the lock as a killed process would, so that all of them find the same dead lock at once.
 */
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { takeLock, takeLockAfter } from "../../lib/lock.ts";

const [file = "", start = "", end = "", way = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const take = () => (way === "sync" ? takeLock(file) : takeLockAfter(file, () => Promise.resolve()));
  const claims: string[] = [];
  while (Date.now() < Number(start));
  while (Date.now() < Number(end)) {
    const lock = await take();
    if ("heldBy" in lock) continue;
    const from = process.hrtime.bigint();
    for (const busy = Date.now() + 2; Date.now() < busy;);
    claims.push(`${from} ${process.hrtime.bigint()} ${process.pid}\n`);
    if (claims.length % 2 === 0) lock.release();
    else leaveDead();
  }
  appendFileSync(`${file}.log`, claims.join(""));
}

function leaveDead(): void {
  const token = `${process.pid}-${process.hrtime.bigint()}`;
  const dead = { pid: process.pid, startedAt: "0" };
  writeFileSync(`${file}.${token}`, JSON.stringify({ token, process: dead }));
  renameSync(`${file}.${token}`, file);
}

void main();
