import { ExpectedError } from "../../lib/errors.ts";
import { valueIn } from "../../lib/json.ts";
import { CallFailed, NotSeen, StepFailed, type CertifyContext } from "./context.ts";
import { notAllowed, unknown, type Fact, type Finding } from "./fact.ts";

export interface AskedFact {
  readonly fact: Fact;
  readonly finding: Finding;
}

export interface AskOptions {
  readonly bind: boolean;
  /** Told before each one. */
  readonly onFact?: (fact: Fact) => void;
}

/** Why a fact cannot be asked at all; undefined where it can. */
export function reasonNotToAsk(
  { scopes, binds }: Fact,
  granted: readonly string[],
  { bind }: Pick<AskOptions, "bind">,
): string | undefined {
  if (binds === true && !bind) return "it needs an Action in the Login flow: --bind";
  const missing = scopes.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return undefined;
  return `the token lacks ${missing.length === 1 ? "scope" : "scopes"} ${missing.join(", ")}`;
}

/**
 * Asks one fact after the other. None of them stops the others.
 *
 * @throws What stopped the calls.
 */
export async function askFacts(
  facts: readonly Fact[],
  context: CertifyContext,
  options: AskOptions,
): Promise<readonly AskedFact[]> {
  const asked: AskedFact[] = [];
  for (const fact of facts) {
    options.onFact?.(fact);
    asked.push({ fact, finding: await askFact(fact, context, options, facts) });
  }
  return asked;
}

async function askFact(
  fact: Fact,
  context: CertifyContext,
  options: AskOptions,
  facts: readonly Fact[],
): Promise<Finding> {
  const reason = reasonNotToAsk(fact, context.access.scopes, options);
  if (reason !== undefined) return notAllowed(reason);
  try {
    return await fact.check(context);
  } catch (error) {
    return findingOfFailure(error, fact, facts);
  }
}

/** What a fact's own step or call that was refused means for it. */
function findingOfFailure(error: unknown, fact: Fact, facts: readonly Fact[]): Finding {
  const failure = error instanceof StepFailed ? error.failure : error;
  if (failure instanceof CallFailed) {
    const why = refusalOfPlan(failure);
    if (why !== undefined) return notAllowed(why);
    if (failure.answer.status >= 500) return unknown(failure.message);
    if (error instanceof StepFailed && fact.shows !== error.stepName) {
      const cause = facts.find(({ shows }) => shows === error.stepName);
      return unknown(
        `it needs what did not work (${failure.message})${cause === undefined ? "" : `; see ${cause.id}`}`,
      );
    }
    return { result: "differs", expected: `${failure.doing}: done`, found: failure.message };
  }
  if (failure instanceof NotSeen) return unknown(failure.message);
  if (failure instanceof ExpectedError && failure.code === "auth0-unreachable")
    return unknown(failure.message);
  throw error;
}

/** Why the tenant does not let this be done by anybody, or by this token; undefined for every other refusal. */
function refusalOfPlan({ answer, message }: CallFailed): string | undefined {
  const { status, body } = answer;
  const code = valueIn(body, "errorCode");
  if (status === 403 && (code === "insufficient_scope" || code === "insufficient_entitlement"))
    return message;
  if (status === 402) return message;
  const said = valueIn(body, "message");
  const isOfPlan =
    typeof said === "string" &&
    /upgrade your subscription|reached the (limit|maximum)|quota|entitlement/i.test(said);
  return status >= 400 && status < 500 && isOfPlan ? message : undefined;
}
