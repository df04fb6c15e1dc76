import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { BenchResults } from "../../bench/bench-figures.ts";
import { projectRoot } from "../../lib/project.ts";
import { configKeys } from "../../stack/config-keys.ts";
import { exampleStacks } from "../../stack/example-stacks.ts";
import { environments, recordStack } from "../record-stack.ts";
import { architecturePage } from "./architecture-page.ts";
import { benchmarksPage } from "./benchmarks-page.ts";
import { configurationPage } from "./configuration-page.ts";
import { copiesPage } from "./copies-page.ts";
import { projectFile } from "./project-file.ts";
import { resourcesPage } from "./resources-page.ts";

/** A file that `npm run docs` writes; `path` is relative to the project. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Everything that is written from the list of rooms, the configuration's keys, recorded program runs and the latest benchmark,
 * formatted as prettier has it.
 */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const former = read("Pulumi.yaml");
  const figures = JSON.parse(read("bench/results/figures.json")) as BenchResults;
  return [
    await formatted("docs/architecture.md", architecturePage(read("docs/architecture.md"))),
    await formatted("docs/benchmarks.md", benchmarksPage(read("docs/benchmarks.md"), figures)),
    await formatted("docs/copies.md", copiesPage(read("docs/copies.md"))),
    await formatted("Pulumi.yaml", projectFile(former, configKeys)),
    await formatted("docs/configuration.md", configurationPage(configKeys, exampleStacks)),
    await formatted("docs/resources.md", resourcesPage(await recordAll())),
  ];
}

function read(path: string): string {
  return readFileSync(join(projectRoot, path), "utf8");
}

/** One after the other: the mocks are the process's. */
async function recordAll() {
  const recorded: Record<string, Awaited<ReturnType<typeof recordStack>>["resources"]> = {};
  for (const stack of environments) recorded[stack] = (await recordStack(stack)).resources;
  return recorded;
}

async function formatted(path: string, content: string): Promise<GeneratedFile> {
  const filepath = join(projectRoot, path);
  return { path, content: await format(content, { ...(await resolveConfig(filepath)), filepath }) };
}
