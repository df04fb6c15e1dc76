import { allOrders, numberOfOrders } from "./cli/bulk/interleaving/interleavings.ts";
import { callsAlone, meetInOrder, requestsOfBlock, scenarios } from "./cli/bulk/interleaving/scenarios.ts";
import { openMeetingStage } from "./cli/bulk/interleaving/stage.ts";

/**
 * `npm run interleavings`: a block meets a bulk command in every order of both commands' requests, in each scenario or those whose
 * name has the text that is given (`-- "sets the picture by PATCH"`). Thousands of orders, some minutes for each scenario. Exits 1 where
 * something does not hold.
 */
async function main([wanted = ""]: readonly string[]): Promise<void> {
  const stage = await openMeetingStage();
  let failures = 0;
  try {
    for (const scenario of scenarios.filter(({ name }) => name.includes(wanted))) {
      const { length } = await callsAlone(stage, scenario);
      const start = Date.now();
      say(
        `${scenario.name}: ${numberOfOrders(length, requestsOfBlock)} orders of ${length} requests and ${requestsOfBlock}.`,
      );
      for (const order of allOrders(length, requestsOfBlock)) {
        const wrong = await meetInOrder(stage, scenario, order);
        if (wrong.length === 0) continue;
        failures += 1;
        say(`✖ ${wrong.join("\n")}`);
      }
      say(`  done in ${Math.round((Date.now() - start) / 1000)} s`);
    }
  } finally {
    await stage.close();
  }
  say(failures === 0 ? "Everything holds." : `${failures} orders do not hold.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main(process.argv.slice(2));
