import { UsageError } from "./errors.ts";
import { askInTurn, canAsk, type Terminal } from "./questions.ts";
import { askingTerminal } from "./terminal-output.ts";
import { beside, term, type TerminalText } from "./terminal-text.ts";

/**
 * Asks whether to go on; everything but `y` and `yes` means no. Does not ask if `yes` is set.
 *
 * @param question Without the final question mark's answers: "Delete 3 users?".
 * @throws UsageError `confirmation-needed` without a terminal.
 */
export async function confirm(
  question: TerminalText,
  { yes }: { readonly yes?: boolean | undefined },
  terminal: Terminal = askingTerminal(),
): Promise<boolean> {
  if (yes === true) return true;
  if (!canAsk(terminal)) {
    const message = `${question} Not a terminal: pass --yes to confirm.`;
    throw new UsageError("confirmation-needed", message);
  }
  const answer = await askInTurn((ask) => ask(beside(question, term` [y/N] `)), terminal);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}
