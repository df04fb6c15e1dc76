import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { projectRoot } from "../lib/project.ts";
import { picturesProgram } from "./pictures-program.ts";

/** The document whose end is the commands' own help. */
export const referenceFile = join(projectRoot, "docs/pictures-command.md");

/** Everything from this heading on is generated. */
const heading = "## Every command\n";

/** The document as it should be: what people wrote, and the current help. */
export function currentReference(): string {
  const [written = ""] = readFileSync(referenceFile, "utf8").split(heading);
  return `${written}${heading}\n${commandReference(picturesProgram())}`;
}

/** Brings the document up to date. */
export function writeCommandReference(): void {
  writeFileSync(referenceFile, currentReference());
}

/** Fixed, so that the reference does not depend on who writes it. */
const helpWidth = 100;

/** The help of a command and of all its subcommands, as Markdown with one section each. */
function commandReference(command: Command): string {
  return commandsOf(command, [])
    .map(({ path, help }) => `### \`${path}\`\n\n\`\`\`text\n${help}\n\`\`\`\n`)
    .join("\n");
}

function commandsOf(command: Command, parents: readonly string[]): { path: string; help: string }[] {
  const names = [...parents, command.name()];
  const own = { path: names.join(" "), help: helpOf(command) };
  return [own, ...command.commands.flatMap((subcommand) => commandsOf(subcommand, names))];
}

/** As `--help` prints it, with the examples: those are not part of `helpInformation()`. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    getOutHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
    writeOut: (part) => (text += part),
  });
  command.outputHelp();
  return text.trimEnd();
}
