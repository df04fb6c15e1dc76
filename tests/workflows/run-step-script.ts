import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import type { FakeGithub } from "./fake-github.ts";

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly with?: Readonly<Record<string, unknown>> }[] }>
  >;
}

type Script = (
  github: unknown,
  context: unknown,
  require: NodeJS.Require,
  process: { readonly env: Readonly<Record<string, string>> },
) => Promise<void>;

/**
 * Runs a job's script for actions/github-script against a fake GitHub, in the way that action does: as the body of an async function.
 * The script sees these environment variables and no others.
 */
export async function runStepScript(
  workflow: string,
  job: string,
  github: FakeGithub,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const text = readFileSync(join(projectRoot, ".github/workflows", workflow), "utf8");
  const steps = (parse(text) as Workflow).jobs[job]?.steps ?? [];
  const script = steps.map((step) => step.with?.["script"]).find((code) => typeof code === "string");
  if (script === undefined) throw new Error(`${workflow} has no job ${job} with a script`);
  const run = runInThisContext(`(async (github, context, require, process) => {${script}\n})`) as Script;
  const context = { repo: { owner: "acme", repo: "pictures" }, issue: { number: 7 } };
  await run(github, context, require, { env });
}
