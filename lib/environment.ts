/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; one that is empty counts as not set. */
export function envVar(env: Environment, name: string): string | undefined {
  return filledText(env[name]);
}

/** The text without spaces around it; undefined for an empty one, and for what is not a text. */
export function filledText(value: unknown): string | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** Where a command was typed: npm changes into the project, but a path is relative to where the person is. */
export function callerFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}
