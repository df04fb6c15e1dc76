// A process that is busy with a commit's files until the file that it is given exists:
// `node commit-folder-program.ts REPOSITORY FILE`. It prints the folder.
import { existsSync, writeSync } from "node:fs";
import { withCommitFolder } from "../../cli/commit-folder.ts";

const [, , root = "", file = ""] = process.argv;

void withCommitFolder({ named: "HEAD", root }, ({ folder }) => {
  writeSync(1, folder);
  while (!existsSync(file));
});
