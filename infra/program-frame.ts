import { log } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import type { Environment } from "../lib/environment.ts";
import { ExpectedError, withCode } from "../lib/errors.ts";
import { parseJson } from "../lib/json.ts";
import { terminalBlock, type TerminalText } from "../lib/terminal-text.ts";
import { configNamespace } from "../stack/read-config.ts";

/** Makes Pulumi show an expected error of the program as its message and code, without a stack trace. */
export async function reportingExpectedErrors<T>(program: Promise<T>): Promise<T> {
  try {
    return await program;
  } catch (error) {
    if (error instanceof ExpectedError) throw new RunError(terminalBlock(withCode(error)));
    throw error;
  }
}

/** Has the engine print a warning. It prints what it is given as it is. */
export function programWarning(text: TerminalText): Promise<void> {
  return log.warn(text);
}

/**
 * The configuration keys, with their namespace, whose values are encrypted in the stack's file. Pulumi's language hosts
 * name them in this variable beside the values, which are plain there. A value that cannot be read as a list of names names
 * none: the variable is not documented for programs.
 */
export function encryptedKeys(env: Environment): ReadonlySet<string> {
  const names = parseJson(env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  if (!Array.isArray(names)) return new Set();
  // Older hosts write `namespace:config:key`.
  const texts = (names as unknown[]).filter((name) => typeof name === "string");
  return new Set(texts.map((name) => name.replace(":config:", ":")));
}

/** The stack that serves real users. */
const productionStack = "prod";

/**
 * Whether the engine must refuse to delete a stack's resources. `pulumi state unprotect` is the way around; see
 * docs/guard-rails.md.
 */
export function isProtected(stack: string): boolean {
  return stack === productionStack;
}

/** Says whose a cloud resource is, to people and to the commands that look for what the state lacks. */
export function resourceTags(stack: string): Record<string, string> {
  return { project: configNamespace, stack, "managed-by": "auth0-user-pictures" };
}

/**
 * One output of a stack, picked from what the program deployed; null where there is nothing, since Pulumi warns of
 * each output that is undefined.
 *
 * Pulumi awaits a program's exports only after it registered the stack. Without a handler until then, Node
 * would report an early failure a second time, as an unhandled rejection.
 */
export function stackOutput<D, T>(
  deployed: Promise<D>,
  pick: (deployed: D) => T,
): Promise<Awaited<T> | null> {
  const picked = deployed.then(async (parts) => (await pick(parts)) ?? null);
  picked.catch(() => undefined);
  return picked;
}
