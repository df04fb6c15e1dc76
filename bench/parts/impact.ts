import { writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import { compare, interleave, subjectsOf, type ComparisonPlan, type Subject } from "../comparison.ts";
import { runTimed, type TimedRun } from "../run-timed.ts";
import { ourProgram } from "../subjects/our-program.ts";
import { writeUsers } from "../users/write-users.ts";
import type { BenchWorld, Part } from "../world/bench-world.ts";

const counts = { "10k": 10_000, "100k": 100_000, "1m": 1_000_000 } as const;

type Count = keyof typeof counts;

const ours = (count: Count) => `pictures impact, ${count} users`;
const naive = (count: Count) => `a script that loads the file whole, ${count} users`;

const speed = (count: Count) => ({
  name: `impact/${count}`,
  unit: "users/s" as const,
  ours: ours(count),
  against: naive(count),
});

const plans: readonly ComparisonPlan[] = [
  speed("10k"),
  speed("100k"),
  { ...speed("1m"), slow: true },
  {
    name: "impact/peak-memory",
    unit: "MB",
    ours: ours("1m"),
    against: naive("1m"),
    quick: { ours: ours("100k"), against: naive("100k") },
  },
  { name: "impact/memory-growth", unit: "MB", ours: ours("1m"), against: ours("100k"), slow: true },
];

/** What a changed setting does to everybody, of an export's file. */
export const impactPart: Part = {
  plans,
  measure: async (bench, options) => {
    const { world } = bench;
    const wanted = subjectsOf(options.plans);
    const before = world.tenant.flowCode();
    await world.configure({ social: "replace" });
    try {
      const files = await codeFiles(bench, before);
      const subjects: Subject[] = [];
      for (const count of Object.keys(counts) as Count[]) {
        const both = [ours(count), naive(count)];
        if (both.some((name) => wanted.has(name))) subjects.push(...(await subjectsFor(bench, count, files)));
      }
      return compare(options.plans, await interleave(subjects, options));
    } finally {
      await world.configure({});
    }
  },
};

/** Both subjects of one file, which they leave to the other runs. */
async function subjectsFor(
  bench: BenchWorld,
  count: Count,
  codes: readonly [string, string],
): Promise<Subject[]> {
  const users = counts[count];
  const file = join(bench.root, `users-${count}.json`);
  await writeUsers(file, users);
  const { pictures } = ourProgram(bench);
  const impact = () =>
    pictures(["impact", "--users", file, "--stack", "local", "--json"], { withMemory: true });
  // What runs last counts: both have to find the same.
  const changed = new Map<string, unknown>();
  const subject = (name: string, run: () => Promise<TimedRun>): Subject => ({
    name,
    needsNoWarmUp: count !== "10k",
    run: async () => {
      const { seconds, megabytes, out } = await run();
      changed.set(name, (JSON.parse(out) as { readonly changed?: unknown }).changed);
      if (new Set(changed.values()).size > 1) throw new Error(`They differ: ${JSON.stringify([...changed])}`);
      return { "users/s": users / seconds, ...(megabytes === undefined ? {} : { MB: megabytes }) };
    },
  });
  return [subject(ours(count), impact), subject(naive(count), () => runNaively(bench, [file, ...codes]))];
}

function runNaively({ root, world }: BenchWorld, args: readonly string[]): Promise<TimedRun> {
  const program = join(__dirname, "../users/naive-impact.js");
  // Its own limit would end it long before the machine's memory is full.
  const heap = `--max-old-space-size=${Math.round((totalmem() / 1e6) * 0.75)}`;
  return runTimed({
    command: process.execPath,
    args: [heap, program, ...args],
    cwd: root,
    env: process.env,
    runId: world.runId,
    withMemory: true,
  });
}

/** Files with the code of the Actions that are deployed, and of those that would be. */
async function codeFiles(
  { root, world }: BenchWorld,
  deployed: readonly string[],
): Promise<readonly [string, string]> {
  const { settings } = await readStackNamed("local", { PICTURES_STACK_FOLDER: world.folder.root });
  const files = [join(root, "codes-old.json"), join(root, "codes-new.json")] as const;
  writeFileSync(files[0], JSON.stringify(deployed));
  writeFileSync(files[1], JSON.stringify(bundleActions(settings).map(({ code }) => code)));
  return files;
}
