import { createInterface } from "node:readline/promises";
import { UsageError } from "./errors.ts";
import { askingTerminal } from "./terminal-output.ts";
import type { TerminalText } from "./terminal-text.ts";

/** Where a question is asked. Not on standard output, which may be read by a program. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks whether to go on; everything but `y` and `yes` means no. Does not ask if `yes` is set.
 *
 * @param question Without the final question mark's answers: "Delete 3 users?".
 * @throws UsageError `confirmation-needed` without a terminal.
 */
export async function confirm(
  question: TerminalText,
  { yes }: { readonly yes?: boolean | undefined },
  { input, output }: Terminal = askingTerminal(),
): Promise<boolean> {
  if (yes === true) return true;
  if (input.isTTY !== true || output.isTTY !== true) {
    const message = `${question} Not a terminal: pass --yes to confirm.`;
    throw new UsageError("confirmation-needed", message);
  }
  const lines = createInterface({ input, output, terminal: false });
  // Ctrl-D ends the input without an answer, and Ctrl-C the process.
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
