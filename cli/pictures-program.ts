import { Command } from "commander";
import { projectVersion } from "../lib/project.ts";
import { auditCommand } from "./audit/command.ts";
import { applyCommand, undoCommand } from "./bulk/command.ts";
import { bundleCommand } from "./bundle-command.ts";
import { certifyCommand } from "./certify/command.ts";
import { completionCommand } from "./completion.ts";
import { consoleCommand } from "./console/command.ts";
import { discourseCommand } from "./discourse/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { driftCommand, redeployCommand } from "./drift/commands.ts";
import { impactCommand } from "./impact/command.ts";
import { mirrorCommand } from "./mirror/command.ts";
import {
  blockCommand,
  clearCommand,
  forgetCommand,
  gravatarCommand,
  historyCommand,
  reviewCommand,
  setCommand,
  setRootCommand,
  showCommand,
  unblockCommand,
  useOriginalCommand,
} from "./people/commands.ts";
import { adoptCommand, recoverCommand } from "./recover/commands.ts";
import { rollbackCommand, unpinCommand, versionsCommand } from "./rollback/commands.ts";
import { keysCommand, rotateCommand } from "./rotate/commands.ts";
import { setupCommand } from "./setup/command.ts";
import { tryCommand } from "./try/command.ts";

/**
 * The `pictures` command with all its subcommands. Each feature's folder has its own in `command.ts` or `commands.ts`; what a
 * command needs beyond its options is loaded when it runs: `pictures --help` and a rollback must start fast.
 */
export function picturesProgram(): Command {
  return new Command("pictures")
    .description("Manages the user pictures of an Auth0 tenant and the Actions that decide them.")
    .version(projectVersion(), "-V, --version", "print the version")
    .configureHelp({ showGlobalOptions: true })
    .helpCommand("help [command]", "show what a command does and its options")
    .addHelpText("after", exitCodeHelp)
    .addCommand(showCommand())
    .addCommand(historyCommand())
    .addCommand(setCommand())
    .addCommand(clearCommand())
    .addCommand(useOriginalCommand())
    .addCommand(gravatarCommand())
    .addCommand(reviewCommand())
    .addCommand(blockCommand())
    .addCommand(unblockCommand())
    .addCommand(setRootCommand())
    .addCommand(undoCommand())
    .addCommand(forgetCommand())
    .addCommand(applyCommand())
    .addCommand(auditCommand())
    .addCommand(consoleCommand())
    .addCommand(discourseCommand())
    .addCommand(adoptCommand())
    .addCommand(bundleCommand())
    .addCommand(certifyCommand())
    .addCommand(doctorCommand())
    .addCommand(driftCommand())
    .addCommand(redeployCommand())
    .addCommand(impactCommand())
    .addCommand(keysCommand())
    .addCommand(mirrorCommand())
    .addCommand(recoverCommand())
    .addCommand(rollbackCommand())
    .addCommand(rotateCommand())
    .addCommand(setupCommand())
    .addCommand(tryCommand())
    .addCommand(unpinCommand())
    .addCommand(versionsCommand())
    .addCommand(completionCommand());
}

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 a check found something, 3 bad usage (nothing was done).

Examples:
  pictures show jane@acme.com --stack dev
  pictures doctor --stack dev
  pictures help doctor`;
