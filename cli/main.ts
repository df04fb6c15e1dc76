import { picturesProgram } from "./pictures-program.ts";
import { runMain } from "./run-main.ts";

runMain(picturesProgram());
