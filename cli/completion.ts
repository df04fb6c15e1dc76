import { Argument, Command } from "commander";
import { terminalLines } from "../lib/terminal-text.ts";
import { jsonOption, reporting } from "./command.ts";

const help = `
Examples:
  pictures completion bash >> ~/.bash_completion
  pictures completion zsh >> ~/.zshrc
  pictures completion fish > ~/.config/fish/completions/pictures.fish

It completes the name pictures: link cli/pictures.js to it in a folder of your PATH.`;

/** `pictures completion`: a script for the shell. */
export function completionCommand(): Command {
  return new Command("completion")
    .description("Prints a script that completes commands and options in a shell.")
    .addArgument(new Argument("<shell>", "which one").choices(["bash", "zsh", "fish"]))
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(
      reporting((shell: Shell, _options: object, command: Command) => {
        const script = completionScript(command.parent ?? command, shell);
        return Promise.resolve({
          text: terminalLines(script.trimEnd().split("\n")),
          json: { shell, script },
        });
      }),
    );
}

type Shell = "bash" | "zsh" | "fish";

/** A command by its path below the program, and the words that may stand behind it. */
interface Node {
  readonly path: readonly string[];
  readonly command: Command;
}

/** A script that teaches a shell the program's commands and options. It runs nothing when it completes. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = nodesOf(program, []);
  if (shell === "fish") return fishScript(program.name(), nodes);
  const bash = bashScript(program.name(), nodes);
  return shell === "bash" ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function nodesOf(command: Command, path: readonly string[]): Node[] {
  const below = command.commands.flatMap((subcommand) =>
    namesOf(subcommand).flatMap((name) => nodesOf(subcommand, [...path, name])),
  );
  return [{ path, command }, ...below];
}

function namesOf(command: Command): string[] {
  return [command.name(), ...command.aliases()];
}

function optionsOf(command: Command): { readonly flag: string; readonly description: string }[] {
  return command.options.flatMap(({ long, description }) =>
    typeof long === "string" ? [{ flag: long, description }] : [],
  );
}

function wordsOf({ command }: Node): string {
  const names = command.commands.flatMap(namesOf);
  return [...names, ...optionsOf(command).map(({ flag }) => flag), "--help"].join(" ");
}

function bashScript(program: string, nodes: readonly Node[]): string {
  const known = nodes.filter(({ path }) => path.length > 0).map(({ path }) => `"/${path.join("/")}"`);
  const cases = nodes.map((node) => `    "/${node.path.join("/")}") words="${wordsOf(node)}" ;;`);
  return `_${program}() {
  local path="/" word words="" current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path%/}/$word" in
      ${known.join("|")}) path="\${path%/}/$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${program} ${program}
`;
}

function fishScript(program: string, nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, command }) => {
    const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`).join("; and ");
    const condition = `-n ${quoted(seen === "" ? "__fish_use_subcommand" : seen)}`;
    const subcommands = command.commands.flatMap((subcommand) =>
      namesOf(subcommand).map((name) => `-f -a ${name} -d ${quoted(subcommand.description())}`),
    );
    const options = optionsOf(command).map(
      ({ flag, description }) => `-l ${flag.slice(2)} -d ${quoted(description)}`,
    );
    return [...subcommands, ...options].map((rest) => `complete -c ${program} ${condition} ${rest}`);
  });
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, String.raw`\$&`)}'`;
}
