import { picturesProgram } from "./pictures-program.ts";
import { runMain } from "./run-command.ts";

runMain(picturesProgram());
