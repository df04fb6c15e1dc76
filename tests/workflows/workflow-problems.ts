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
    ...triggerProblems(triggersOf(workflow)),
    ...("jobs" in workflow ? jobProblems(workflow) : []),
    ...everything.flatMap((map) => pinProblems(map["uses"], text)),
    ...everything.flatMap(checkoutProblems),
    ...everything.flatMap((map) => [map["run"], map["script"]]).flatMap(scriptProblems),
    ...everything.flatMap((map) => installProblems(map["run"])),
    ...(/ignore[-_]scripts\W+(?:false|0|no)\b/i.test(text) ? ["lets packages run install scripts"] : []),
    ...(/aws[-_](?:access[-_]key|secret)/i.test(text) ? ["takes AWS keys instead of a role"] : []),
  ];
}

/** Both give a fork's pull request a way to secrets. */
function triggerProblems(triggers: readonly string[]): string[] {
  return ["pull_request_target", "workflow_run"]
    .filter((trigger) => triggers.includes(trigger))
    .map((trigger) => `runs on ${trigger}`);
}

function triggersOf({ on }: Fields): readonly string[] {
  return typeof on === "string" ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(fieldsOf(on));
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
      ...roleProblems(name, job, triggersOf(workflow)),
      ...writerProblems(name, job),
    ]),
  ];
}

/**
 * A job that may ask for a cloud role runs in an environment, since the role's trust names it. A pull request's code runs in one
 * for previews, whose role only reads; a fork's or Dependabot's never.
 */
function roleProblems(name: string, job: Fields, triggers: readonly string[]): string[] {
  const { permissions, environment, uses } = job;
  if (uses !== undefined) return [`job ${name} is another workflow's, with whatever that one runs`];
  const mayAsk = permissions === "write-all" || fieldsOf(permissions)["id-token"] === "write";
  if (!mayAsk) return [];
  if (typeof environment !== "string") return [`job ${name} may ask for a role without an environment`];
  if (!triggers.includes("pull_request")) return [];
  const condition = String(job["if"]);
  return [
    ...(environment.endsWith("-preview")
      ? []
      : [`job ${name} gives a pull request the role of ${environment}`]),
    ...(/head\.repo\.full_name == github\.repository\b/.test(condition) && !condition.includes("||")
      ? []
      : [`job ${name} gives a fork a role`]),
    ...(condition.includes("user.login != 'dependabot[bot]'") ? [] : [`job ${name} gives Dependabot a role`]),
  ];
}

/**
 * A job that may write to the repository, also to its releases, has no code there: no checkout, no action of the commit, nothing that
 * installs or runs a package. What it needs comes from another job as a file.
 */
function writerProblems(name: string, job: Fields): string[] {
  const { permissions } = job;
  const mayWrite = permissions === "write-all" || fieldsOf(permissions)["contents"] === "write";
  if (!mayWrite) return [];
  const code =
    /(?:^|[\s;&|(/])(?:node|npm|npx|corepack|pnpm|pnpx|yarn|bun|bunx|git|bash|sh|curl|\.ci\/run)(?=\s|$)/m;
  const runsCode = mapsIn(job).some(({ uses, run }) =>
    typeof uses === "string"
      ? /^(?:\.\/|actions\/(?:checkout|cache|setup-))/.test(uses)
      : code.test(textOf(run)),
  );
  return runsCode ? [`job ${name} may write to the repository and runs code in it`] : [];
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

const installs = [
  /\b(?:npm|pnpm|yarn|bun)\s(?:.*\s)?(?:ci|install(?:-\w+)*|i|add|update|up|clean-install|ic|it|cit|link)(?=\s|$)/,
  /\b(?:npx|bunx|npm (?:exec|x)|(?:pnpm|yarn) dlx)\b/,
  /(?:^|\s)(?:yarn|bun)\s*$/,
  // Runs the scripts of all packages; with a name, of that one.
  /\bnpm rebuild\s*(?:$|[-&|;])/,
];

/** No job runs the scripts that packages run when they are installed: one may be taken over, and a job may have a role. */
function installProblems(script: unknown): string[] {
  if (typeof script !== "string") return [];
  const commands = script.replaceAll(/\\\n/g, " ").split(/\n|&&|\|\||;/);
  return commands
    .filter((command) => installs.some((install) => install.test(command)))
    .filter((command) => !/\s--ignore-scripts(?:\s|$)/.test(command))
    .map((command) => `lets packages run install scripts: ${command.trim()}`);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function mapsIn(value: unknown): Fields[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(mapsIn);
  return Array.isArray(value) ? inside : [fieldsOf(value), ...inside];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
