import { isRecord } from "../lib/json.ts";
import { effectKinds, type ActionEffect } from "./flow.ts";

/** What one run of an Action did, as its process says it. */
export interface ActionOutcome {
  effects: ActionEffect[];
  /** The reason that it gave for denying the login. */
  denied?: string;
  /** The message of what it threw. */
  error?: string;
  /** At most 100 lines of at most 1,000 characters. */
  console: string[];
}

/** An outcome without the lines on the console. */
export type Effects = Omit<ActionOutcome, "console">;

/** Bounds of what is taken from a process, wider than what its program keeps to. */
const most = { effects: 10_000, lines: 100, lineLength: 1000, messageLength: 10_000, depth: 200 };

/**
 * Reads what a process said of a run. Whoever wrote the Action can have written it, so it is checked like any input.
 *
 * @returns undefined where it is no outcome.
 */
export function readActionOutcome(content: Buffer): ActionOutcome | undefined {
  const value = parsed(content);
  if (!isRecord(value)) return undefined;
  const { effects, denied, error, console } = value;
  if (!Array.isArray(effects) || effects.length > most.effects || !effects.every(isEffect)) return undefined;
  if (!isLines(console) || !isMessage(denied) || !isMessage(error)) return undefined;
  return {
    effects: effects.map(({ kind, name, value: given }) =>
      given === undefined ? { kind, name } : { kind, name, value: given },
    ),
    ...(denied === undefined ? {} : { denied }),
    ...(error === undefined ? {} : { error }),
    console,
  };
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch {
    return undefined;
  }
}

function isEffect(value: unknown): value is ActionEffect {
  if (!isRecord(value)) return false;
  const { kind, name, value: given } = value;
  if (typeof name !== "string" || name === "" || !isWithin(most.depth, given)) return false;
  return effectKinds.some((known) => known === kind);
}

/** JSON can be read however deep it is, but not written again: what writes it calls itself. */
function isWithin(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithin(depth - 1, inner));
}

function isLines(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= most.lines &&
    value.every((line) => typeof line === "string" && line.length <= most.lineLength)
  );
}

function isMessage(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && value.length <= most.messageLength);
}
