import { runSupervised } from "../../../local/toolchain/run-supervised.ts";

/** A process of its own that runs the command in its first argument under supervision. */
void runSupervised(process.argv[2] ?? "", [], { cwd: process.cwd(), env: process.env });
