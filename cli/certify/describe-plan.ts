import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { reasonNotToAsk } from "./ask-facts.ts";
import type { Fact } from "./fact.ts";
import { ownMark, startOf, type OwnNames, type OwnThing } from "./own-names.ts";

interface Plan {
  readonly domain: string;
  readonly names: OwnNames;
  readonly facts: readonly Fact[];
  readonly scopes: readonly string[];
  readonly bind: boolean;
  /** Of earlier runs. */
  readonly leftovers: readonly OwnThing[];
}

/** What a run is about to do to the tenant, for the question. */
export function describePlan({ domain, names, facts, scopes, bind, leftovers }: Plan): TerminalText {
  const askable = facts.filter((fact) => reasonNotToAsk(fact, scopes, { bind }) === undefined);
  const needed = new Set(askable.flatMap((fact) => fact.scopes));
  const makes = things.filter(([, scope]) => needed.has(scope)).map(([thing]) => thing);
  return terminalLines([
    `${domain}: ${askable.length} of ${facts.length} facts can be asked with this token.`,
    "Plan:",
    ...leftovers.map(
      ({ kind, name, run }) => `  REMOVE  ${kind} ${name}, left by the run of ${startOf(run).toISOString()}`,
    ),
    ...makes.map((thing) => `  make    ${thing}`),
    ...(bind ? bindLines : []),
    `  remove  all of it again; every name begins with ${ownMark}, this run's with ${names.action}`,
    "No mail is sent. Nothing that has another name is changed. Logs and jobs of it remain in the tenant, as Auth0 keeps them.",
    ...(leftovers.length === 0
      ? []
      : ["If such a run is still going on somewhere else, wait for its end first."]),
  ]);
}

const things = [
  ["an Action, bound to nothing unless --bind is given", "create:actions"],
  ["two database connections, and six users in them at example.invalid", "create:users"],
  ["a connection to Google with made-up credentials, enabled for no application", "create:connections"],
  ["an application with fewer scopes, to see what is refused", "create:client_grants"],
] as const;

const bindLines = [
  "  make    an application by which the run's own user logs in a few times: every Action of the Login flow runs for that user",
  "  bind    the run's Action, last in the Login flow, for some seconds: for everyone else it does nothing",
];
