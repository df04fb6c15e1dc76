import { Command } from "commander";
import { adoptCommand } from "./commands/adopt.ts";
import { applyCommand } from "./commands/apply.ts";
import { auditCommand } from "./commands/audit.ts";
import { blockCommand } from "./commands/block.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { clearCommand } from "./commands/clear.ts";
import { completionCommand } from "./commands/completion.ts";
import { discourseCommand } from "./commands/discourse.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { forgetCommand } from "./commands/forget.ts";
import { gravatarCommand } from "./commands/gravatar.ts";
import { historyCommand } from "./commands/history.ts";
import { impactCommand } from "./commands/impact.ts";
import { keysCommand } from "./commands/keys.ts";
import { recoverCommand } from "./commands/recover.ts";
import { redeployCommand } from "./commands/redeploy.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { rotateCommand } from "./commands/rotate.ts";
import { setCommand } from "./commands/set.ts";
import { setRootCommand } from "./commands/set-root.ts";
import { showCommand } from "./commands/show.ts";
import { tryCommand } from "./commands/try.ts";
import { unblockCommand } from "./commands/unblock.ts";
import { undoCommand } from "./commands/undo.ts";
import { unpinCommand } from "./commands/unpin.ts";
import { useOriginalCommand } from "./commands/use-original.ts";
import { versionsCommand } from "./commands/versions.ts";
import { projectVersion } from "../infra/project-version.ts";

/**
 * The `pictures` command with all its subcommands. A subcommand is one file in `commands/`; what it needs beyond its
 * options is loaded when it runs.
 */
export function picturesProgram(): Command {
  return new Command("pictures")
    .description("Works on an Auth0 tenant's user pictures and on what decides them.")
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
    .addCommand(blockCommand())
    .addCommand(unblockCommand())
    .addCommand(setRootCommand())
    .addCommand(undoCommand())
    .addCommand(forgetCommand())
    .addCommand(applyCommand())
    .addCommand(auditCommand())
    .addCommand(discourseCommand())
    .addCommand(adoptCommand())
    .addCommand(bundleCommand())
    .addCommand(doctorCommand())
    .addCommand(driftCommand())
    .addCommand(redeployCommand())
    .addCommand(impactCommand())
    .addCommand(keysCommand())
    .addCommand(recoverCommand())
    .addCommand(rollbackCommand())
    .addCommand(rotateCommand())
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
