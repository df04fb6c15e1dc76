import { Command } from "commander";
import { runMain } from "../cli/run-command.ts";
import { furnishedTenant } from "./cli/certify/furnished-tenant.ts";
import { killedRuns, moments, wrongAfterwards } from "./cli/certify/killed-runs.ts";

/** `npm run certify-kills`: a real `kill -9` at every call in turn, before it and after it. It takes some ten minutes. */
const command = new Command("certify-kills")
  .description(
    "Kills pictures certify at every call of the tenant in turn, before it has an effect and after; after one more run " +
      "nothing may be left behind. Exits 1 where something is.",
  )
  .option("--from <n>", "begin at this call", Number, 0)
  .option("--every <n>", "only every n-th call", Number, 1)
  .action(async ({ from, every }: { from: number; every: number }) => {
    const { install, run } = killedRuns();
    const tenant = await furnishedTenant({}, install);
    const tally = { points: 0, failures: 0 };
    // The sandbox's processes do not keep this one alive, so it could end while it waits for their end.
    const alive = setInterval(() => undefined, 1000);
    try {
      const before = await tenant.contents();
      for (const moment of moments) {
        for (let number = from; ; number += every) {
          const call = await run(tenant, (each) => each.moment === moment && each.number === number);
          if (call === undefined) break;
          const wrong = await wrongAfterwards(tenant, before);
          tally.points += 1;
          if (wrong !== undefined) tally.failures += 1;
          console.log(`${moment} ${number} ${call.route}: ${wrong ?? "nothing is left behind"}`);
        }
      }
    } finally {
      await tenant.close();
      clearInterval(alive);
    }
    console.log(`${tally.points} kills, ${tally.failures} with something left behind`);
    if (tally.failures > 0) process.exitCode = 1;
  });

runMain(command);
