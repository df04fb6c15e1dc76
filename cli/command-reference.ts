import type { Command } from "commander";

/** Fixed, so that the reference does not depend on who writes it. */
const helpWidth = 100;

/** The help of a command and of all its subcommands, as Markdown with one section each. */
export function commandReference(command: Command): string {
  return commandsOf(command, [])
    .map(({ path, help }) => `### \`${path}\`\n\n\`\`\`text\n${help}\n\`\`\`\n`)
    .join("\n");
}

function commandsOf(command: Command, parents: readonly string[]): { path: string; help: string }[] {
  const names = [...parents, command.name()];
  const own = { path: names.join(" "), help: helpOf(command) };
  return [own, ...command.commands.flatMap((subcommand) => commandsOf(subcommand, names))];
}

/** As `--help` prints it, with the examples: those are no part of `helpInformation()`. */
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
