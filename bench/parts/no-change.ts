import { join } from "node:path";
import type { Tenant } from "../../tenant/create-tenant.ts";
import {
  compare,
  interleave,
  subjectsOf,
  type Comparison,
  type ComparisonPlan,
  type Subject,
} from "../comparison.ts";
import type { TimedRun } from "../run-timed.ts";
import { deployCli, ourKinds } from "../subjects/deploy-cli.ts";
import { emptyProgram, type EmptyProgram } from "../subjects/empty-program.ts";
import { ourProgram } from "../subjects/our-program.ts";
import { terraform, type Terraform } from "../subjects/terraform.ts";
import type { BenchWorld, Part, PartOptions } from "../world/bench-world.ts";

const names = {
  preview: "pulumi preview",
  typescriptPreview: "empty TypeScript: pulumi preview",
  javascriptPreview: "empty JavaScript: pulumi preview",
  again: "pulumi preview once more",
  typescriptAgain: "empty TypeScript: once more",
  up: "pulumi up",
  typescriptUp: "empty TypeScript: pulumi up",
  javascriptUp: "empty JavaScript: pulumi up",
  refresh: "pulumi preview --refresh",
  plan: "terraform plan",
  drift: "pictures drift",
  import: "a0deploy import",
} as const;

const plans: readonly ComparisonPlan[] = [
  { name: "preview/empty-typescript", unit: "s", ours: names.preview, against: names.typescriptPreview },
  { name: "preview/empty-javascript", unit: "s", ours: names.preview, against: names.javascriptPreview },
  {
    name: "preview-again/empty-typescript",
    unit: "s",
    ours: names.again,
    against: names.typescriptAgain,
    slow: true,
  },
  { name: "up/empty-typescript", unit: "s", ours: names.up, against: names.typescriptUp, slow: true },
  { name: "up/empty-javascript", unit: "s", ours: names.up, against: names.javascriptUp, slow: true },
  { name: "up/deploy-cli", unit: "s", ours: names.up, against: names.import, slow: true },
  { name: "preview-refresh/terraform-plan", unit: "s", ours: names.refresh, against: names.plan },
  { name: "drift/deploy-cli", unit: "s", ours: names.drift, against: names.import },
  { name: "api-calls/no-change", unit: "calls", ours: names.drift, against: names.import },
  { name: "api-calls/preview-refresh", unit: "calls", ours: names.refresh, against: names.plan },
  { name: "api-calls/preview", unit: "calls", ours: names.preview, against: names.plan },
  { name: "api-calls/up", unit: "calls", ours: names.up, against: names.import, slow: true },
];

/** A run that changes nothing, next to the same of other tools. */
export const noChangePart: Part = {
  plans,
  measure: async (bench, options) => {
    const wanted = subjectsOf(options.plans);
    const other = wanted.has(names.plan) ? await terraform(bench, options.progress) : undefined;
    if (wanted.has(names.plan) && other === undefined) {
      options.progress("No terraform is on the PATH: its figures are left out.");
    }
    try {
      const subjects = await subjectsIn(bench, wanted, other);
      return await compared(subjects, options);
    } finally {
      await other?.stop();
    }
  },
};

async function compared(subjects: readonly Subject[], options: PartOptions): Promise<Comparison[]> {
  return compare(options.plans, await interleave(subjects, options));
}

/** In the order of the table, each tool's turns far from each other. */
async function subjectsIn(
  bench: BenchWorld,
  wanted: ReadonlySet<string>,
  other: Terraform | undefined,
): Promise<Subject[]> {
  const { tenant } = bench.world;
  const { pulumi, pictures, edit } = ourProgram(bench);
  const typescript = await empty(bench, "typescript");
  const javascript = await empty(bench, "javascript");
  const importing = wanted.has(names.import) ? await deployCli(bench, ourKinds) : undefined;
  const edited = (change: () => void, run: () => Promise<TimedRun>) => () => {
    change();
    return run();
  };
  const runs: readonly (readonly [string, Tenant | undefined, () => Promise<TimedRun>])[] = [
    [names.preview, tenant, edited(edit, () => pulumi("preview"))],
    [names.typescriptPreview, undefined, edited(typescript.edit, () => typescript.pulumi("preview"))],
    [names.javascriptPreview, undefined, edited(javascript.edit, () => javascript.pulumi("preview"))],
    [names.again, tenant, () => pulumi("preview")],
    [names.typescriptAgain, undefined, () => typescript.pulumi("preview")],
    [names.refresh, tenant, () => pulumi("preview", "--refresh", "--expect-no-changes")],
    ...(other === undefined ? [] : [[names.plan, other.tenant, () => planOf(other)] as const]),
    [names.drift, tenant, () => pictures(["drift", "--stack", "local"])],
    ...(importing === undefined ? [] : [[names.import, tenant, () => importing.import(tenant)] as const]),
    [names.up, tenant, () => pulumi("up", "--yes")],
    [names.typescriptUp, undefined, () => typescript.pulumi("up", "--yes")],
    [names.javascriptUp, undefined, () => javascript.pulumi("up", "--yes")],
  ];
  return runs
    .filter(([name]) => wanted.has(name))
    .map(([name, asked, run]) => ({
      name,
      needsNoWarmUp: name === names.import,
      run: async () => {
        asked?.requests.clear();
        const { seconds } = await run();
        const calls = asked?.requests.count({ pathPrefix: "/api/v2" });
        return { s: seconds, ...(calls === undefined ? {} : { calls }) };
      },
    }));
}

function empty(
  { root, toolchain, world }: BenchWorld,
  language: "typescript" | "javascript",
): Promise<EmptyProgram> {
  return emptyProgram({ language, folder: join(root, `empty-${language}`), toolchain, runId: world.runId });
}

/** Terraform's plan refreshes, and fails here where it would change something. */
function planOf({ terraform: run }: Terraform): Promise<TimedRun> {
  return run("plan", "-input=false", "-detailed-exitcode");
}
