/**
 * Has a tenant's lock as another command would: says `held` when it does, and gives it back when its standard input ends.
 * With a number behind the kind it works in that many stretches instead, and says how many it made when it ends.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { withTenantLock, type TenantWork } from "../../cli/tenant-lock.ts";

const [domain = "", kind = "", stretches] = process.argv.slice(2);

async function main(): Promise<void> {
  const request = {
    command: "pictures test",
    env: process.env,
    wait: true,
    say: (line: string) => process.stderr.write(`${line}\n`),
  };
  for (let made = 0; made < Number(stretches ?? "1"); made += 1) {
    await withTenantLock(domain, [kind as TenantWork], request, async () => {
      process.stdout.write(`held ${made}\n`);
      if (stretches === undefined) await once(process.stdin.resume(), "end");
      else await sleep(20);
    });
  }
}

void main();
