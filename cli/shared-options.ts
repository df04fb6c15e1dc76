import { Option } from "commander";

/** Which stack a command works on; see `selectedStack` for what holds without it. */
export function stackOption(): Option {
  return new Option(
    "--stack <name>",
    "the stack to work on (default: PULUMI_STACK, or Pulumi's selected one)",
  );
}

/** A command that has it reports through `reporting`. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON document instead of text");
}

/** For `confirm`. */
export function yesOption(): Option {
  return new Option("-y, --yes", "do it without asking");
}
