import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { ProbeNetwork } from "../../cli/image/public-network.ts";
import { reporting } from "../../cli/command.ts";
import { runMirror, type MirrorOptions } from "../../cli/mirror/run-mirror.ts";
import { runPrune } from "../../cli/mirror/run-prune.ts";
import { keepHeapSmall } from "../../cli/small-heap.ts";
import { runMain } from "../../cli/run-command.ts";

keepHeapSmall();

/** `pictures mirror` whose providers are on this machine: the only address that counts as public. The guard is the same. */
const network: ProbeNetwork = {
  lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
  isAllowed: (address) => address === "127.0.0.1",
  ca: readFileSync(process.env["NODE_EXTRA_CA_CERTS"] ?? ""),
};

const mirror = new Command("mirror")
  .option("--stack <name>")
  .option("--yes")
  .option("--prune")
  .option("--older-than <days>")
  .option("--json")
  .action(
    reporting((options: MirrorOptions) =>
      options.prune === true ? runPrune(options, process.env) : runMirror(options, process.env, network),
    ),
  );

runMain(new Command("pictures").addCommand(mirror));
