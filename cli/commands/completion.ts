import { Argument, Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as CompletionScript from "../completion-script.ts";
import { jsonOption } from "../shared-options.ts";

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
      reporting((shell: CompletionScript.Shell, _options: object, command: Command) => {
        const { completionScript } = require("../completion-script.ts") as typeof CompletionScript;
        const script = completionScript(command.parent ?? command, shell);
        return Promise.resolve({ text: script.trimEnd(), json: { shell, script } });
      }),
    );
}
