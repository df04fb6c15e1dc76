/** For decode-program.test.ts: the real decoder, which writes its peak of resident memory into the file of argument 1. */
import { writeFileSync } from "node:fs";
import "../../../cli/image/decode-program.ts";

process.once("exit", () => {
  writeFileSync(process.argv[2] ?? "", String(process.resourceUsage().maxRSS * 1024));
});
