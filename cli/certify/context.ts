import type { ManagementAccess } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { valueIn } from "../../lib/json.ts";
import type { OwnNames, OwnThing } from "./own-names.ts";
import type { Answer, TenantCalls } from "./tenant-calls.ts";

/** What the facts of one run share. */
export interface CertifyContext {
  readonly access: ManagementAccess;
  readonly calls: TenantCalls;
  readonly names: OwnNames;
  /** How long is waited for what a tenant does a moment after its answer, in milliseconds. */
  readonly settleMs: number;
  /** What steps have made so far, by the step's name. */
  readonly made: Map<string, Promise<unknown>>;
  /** What was made so far, as its answers said: a list may be behind. */
  readonly things: OwnThing[];
  /** Never in a report, whatever an answer repeats. */
  readonly secrets: Set<string>;
}

/** Makes something that several facts look at; the first fact that needs it has it made. */
export interface Step<T> {
  (context: CertifyContext): Promise<T>;
  readonly stepName: string;
}

/** @throws StepFailed from the step, at each call of it alike. */
export function step<T>(stepName: string, make: (context: CertifyContext) => Promise<T>): Step<T> {
  const run = (context: CertifyContext): Promise<T> => {
    const known = context.made.get(stepName) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const making = make(context).catch((error: unknown) => {
      throw error instanceof CallFailed ? new StepFailed(stepName, error) : error;
    });
    context.made.set(stepName, making);
    return making;
  };
  return Object.assign(run, { stepName });
}

/** A call that had to succeed was refused. */
export class CallFailed extends Error {
  constructor(
    readonly doing: string,
    readonly answer: Pick<Answer, "status" | "body">,
  ) {
    super(`${doing}: ${statusWords(answer)}`);
  }
}

/** A step could not make what facts look at. */
export class StepFailed extends Error {
  constructor(
    readonly stepName: string,
    readonly failure: CallFailed,
  ) {
    super(failure.message);
  }
}

/** It could not be seen in the time that there is; says what was waited for. */
export class NotSeen extends ExpectedError {
  constructor(message: string) {
    super("certify-not-seen", message);
  }
}

/** @throws CallFailed for anything but a success. */
export function success(answer: Answer, doing: string): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new CallFailed(doing, answer);
}

/** Notes what a creation made, so that it is removed whatever the lists show. */
export function noteMade(
  { names, things }: CertifyContext,
  kind: OwnThing["kind"],
  name: string,
  id: unknown,
): void {
  if (typeof id === "string") things.push({ kind, id, name, run: names.run });
}

/** `403 Insufficient scope, …`: the status, and what the tenant says of it. */
export function statusWords({ status, body }: Pick<Answer, "status" | "body">): string {
  const said = valueIn(body, "message") ?? valueIn(body, "error_description") ?? valueIn(body, "error");
  return typeof said === "string" ? `${status} ${said}` : String(status);
}
