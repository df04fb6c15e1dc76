import { projectVersion } from "../../lib/project.ts";
import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { exitCode, type ExitCode } from "../command.ts";
import type { AskedFact } from "./ask-facts.ts";
import type { Finding } from "./fact.ts";

/** What `--json` and `--report` hold: no secret, nothing about a person, and the tenant only where it was asked for. */
export interface Certificate {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly tenant?: string;
  readonly seconds: number;
  readonly requests: number;
  readonly summary: Readonly<Record<Finding["result"], number>>;
  readonly facts: readonly CertifiedFact[];
  /** Names of what earlier runs had left and this one removed. */
  readonly leftovers: readonly string[];
}

type CertifiedFact = Finding & {
  readonly id: string;
  readonly title: string;
  readonly document: string;
  readonly code: readonly string[];
};

export interface CertificateOptions {
  readonly asked: readonly AskedFact[];
  readonly at: Date;
  readonly domain: string;
  readonly namesTenant: boolean;
  readonly secrets: Iterable<string>;
  readonly seconds: number;
  readonly requests: number;
  readonly leftovers: readonly string[];
}

export function certificateOf(options: CertificateOptions): Certificate {
  const { asked, at, domain, namesTenant, seconds, requests, leftovers } = options;
  const clean = cleaner(options);
  const count = (result: Finding["result"]) =>
    asked.filter(({ finding }) => finding.result === result).length;
  return {
    version: projectVersion(),
    at: at.toISOString(),
    ...(namesTenant ? { tenant: domain } : {}),
    seconds,
    requests,
    summary: {
      holds: count("holds"),
      differs: count("differs"),
      "not-allowed": count("not-allowed"),
      unknown: count("unknown"),
    },
    facts: asked.map(({ fact: { id, title, reliedOnBy }, finding }) => ({
      id,
      title,
      ...cleaned(finding, clean),
      ...reliedOnBy,
    })),
    leftovers,
  };
}

function cleaned(finding: Finding, clean: (text: string) => string): Finding {
  const entries = Object.entries(finding).map(([key, value]: [string, string]) => [key, clean(value)]);
  return Object.fromEntries(entries) as Finding;
}

/** Tenants repeat what they were sent. Tokens are told by their form, whoever made them. */
function cleaner({ domain, namesTenant, secrets }: CertificateOptions): (text: string) => string {
  const hidden = [...secrets].filter((secret) => secret.length > 3);
  return (text) => {
    const withoutSecrets = hidden.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
    const withoutTokens = withoutSecrets.replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]");
    return namesTenant ? withoutTokens : withoutTokens.replaceAll(domain, "[tenant]");
  };
}

const words: Readonly<Record<Finding["result"], string>> = {
  holds: "holds",
  differs: "DIFFERS",
  "not-allowed": "not allowed here",
  unknown: "unknown",
};

/** For people: a line for each fact, and below it what there is to say. */
export function describeCertificate({
  facts,
  summary,
  seconds,
  requests,
  leftovers,
}: Certificate): TerminalText {
  const width = Math.max(...facts.map(({ id }) => id.length));
  const lines = facts.flatMap((fact) => [
    `${words[fact.result].padEnd(16)}  ${fact.id.padEnd(width)}  ${fact.title}`,
    ...detailsOf(fact).map((line) => `${" ".repeat(18)}${line}`),
  ]);
  const counts = `${summary.holds} hold, ${summary.differs} differ, ${summary["not-allowed"]} not allowed here, ${summary.unknown} unknown`;
  return terminalLines([
    ...lines,
    ...leftovers.map((name) => `Removed ${name}, left by a run that was killed.`),
    `${counts} (${requests} requests, ${seconds.toFixed(0)} s). Everything that was made is removed.`,
  ]);
}

function detailsOf(fact: CertifiedFact): string[] {
  if (fact.result === "holds") return [];
  if (fact.result !== "differs") return [fact.why];
  return [
    `expected  ${fact.expected}`,
    `found     ${fact.found}`,
    `relied on by ${fact.document}; ${fact.code.join(", ")}`,
  ];
}

/** A difference counts first; then what is not known: that is never "all is well". So is a run that could ask nothing. */
export function exitCodeOf({ summary }: Certificate): ExitCode {
  if (summary.differs > 0) return exitCode.found;
  return summary.unknown > 0 || summary.holds === 0 ? exitCode.failed : exitCode.done;
}
