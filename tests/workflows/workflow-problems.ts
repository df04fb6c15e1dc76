import { parse } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a workflow, or with an action of ours, by this project's own rules (docs/ci.md), which actionlint does not
 * know. Empty where all is well.
 */
export function workflowProblems(text: string): string[] {
  const workflow = fieldsOf(parse(text));
  const everything = mapsIn(workflow);
  return [
    ...triggerProblems(workflow["on"]),
    ...("jobs" in workflow ? jobProblems(workflow) : []),
    ...everything.flatMap((map) => pinProblems(map["uses"], text)),
    ...everything.flatMap(checkoutProblems),
    ...everything.flatMap((map) => [map["run"], map["script"]]).flatMap(scriptProblems),
    ...(/aws[-_](?:access[-_]key|secret)/i.test(text) ? ["takes AWS keys instead of a role"] : []),
  ];
}

/** Both give a fork's pull request a way to secrets. */
function triggerProblems(on: unknown): string[] {
  const triggers = typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(fieldsOf(on));
  return ["pull_request_target", "workflow_run"]
    .filter((trigger) => triggers.includes(trigger))
    .map((trigger) => `runs on ${trigger}`);
}

/** Nothing is permitted by default; each job names what it needs, and ends. */
function jobProblems(workflow: Fields): string[] {
  const none = JSON.stringify(workflow["permissions"]) === "{}";
  const jobs = Object.entries(fieldsOf(workflow["jobs"])).map(
    ([name, job]) => [name, fieldsOf(job)] as const,
  );
  return [
    ...(none ? [] : ["has no top-level permissions: {}"]),
    ...jobs.flatMap(([name, job]) => [
      ...(typeof job["timeout-minutes"] === "number" ? [] : [`job ${name} has no timeout`]),
      ...(JSON.stringify(job).includes("secrets.") && job["environment"] === undefined
        ? [`job ${name} has secrets without an environment`]
        : []),
    ]),
  ];
}

/** A local action is the commit's own; any other one is pinned, with its version in a comment. */
function pinProblems(used: unknown, text: string): string[] {
  if (typeof used !== "string" || used.startsWith("./")) return [];
  if (!/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(used)) return [`${used} is not pinned by a commit`];
  return /^ # v\d/.test(text.slice(text.indexOf(used) + used.length))
    ? []
    : [`${used} does not say its version`];
}

function checkoutProblems(step: Fields): string[] {
  if (typeof step["uses"] !== "string" || !step["uses"].startsWith("actions/checkout@")) return [];
  return fieldsOf(step["with"])["persist-credentials"] === false
    ? []
    : ["a checkout leaves the token in .git"];
}

function scriptProblems(script: unknown): string[] {
  return typeof script === "string" && script.includes("${{")
    ? [`puts an expression into code, not into env: ${script}`]
    : [];
}

function mapsIn(value: unknown): Fields[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(mapsIn);
  return Array.isArray(value) ? inside : [fieldsOf(value), ...inside];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
