// A process that builds a commit's Actions until it is ended: `node commit-flow-program.ts REPOSITORY`.
import { commitFlow } from "../../../cli/impact/commit-flow.ts";

void commitFlow("HEAD", "dev", {}, process.argv[2]);
