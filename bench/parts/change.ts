import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import {
  compare,
  interleave,
  subjectsOf,
  type ComparisonPlan,
  type Sample,
  type Subject,
} from "../comparison.ts";
import type { TimedRun } from "../run-timed.ts";
import { deployCli } from "../subjects/deploy-cli.ts";
import { ourProgram } from "../subjects/our-program.ts";
import { terraform } from "../subjects/terraform.ts";
import type { BenchWorld, Part } from "../world/bench-world.ts";
import { loginProbe, marked, markOf, type LoginProbe } from "../world/login-probe.ts";

const names = {
  change: "pulumi up of changed code",
  rollback: "pictures rollback",
  revert: "code put back, pulumi up",
  import: "a0deploy import of changed code",
  importBack: "a0deploy import of the code before",
  apply: "terraform apply of changed code",
} as const;

const plans: readonly ComparisonPlan[] = [
  { name: "change-to-login", unit: "s", ours: names.change, against: names.import },
  { name: "change-to-login/terraform-apply", unit: "s", ours: names.change, against: names.apply },
  { name: "rollback-to-login", unit: "s", ours: names.rollback, against: names.revert },
  {
    name: "rollback-to-login/deploy-cli",
    unit: "s",
    ours: names.rollback,
    against: names.importBack,
    slow: true,
  },
];

const action = "user-picture";

/** From a command's start to the first login that runs the other code. */
export const changePart: Part = {
  plans,
  measure: async (bench, options) => {
    const wanted = subjectsOf(options.plans);
    const ends: (() => Promise<void>)[] = [];
    try {
      const subjects = [
        ...(await ourSubjects(bench, ends)),
        ...(wanted.has(names.import) ? await deployCliSubjects(bench, ends) : []),
        ...(wanted.has(names.apply) ? await terraformSubjects(bench, ends, options.progress) : []),
      ];
      // Without a change there is nothing to roll back.
      const chosen = subjects.filter(({ name }) => wanted.has(name) || name === names.change);
      return compare(options.plans, await interleave(chosen, options));
    } finally {
      for (const end of ends.reverse()) await end();
    }
  },
};

/** What the next login would say that it runs. */
function markIn(tenant: Tenant): string {
  return (
    tenant
      .flowCode()
      .flatMap((code) => markOf(code) ?? [])
      .at(-1) ?? ""
  );
}

/** The time until the login; the command goes on to its end before the next one starts. */
async function untilLogin(probe: LoginProbe, mark: string, run: () => Promise<TimedRun>): Promise<Sample> {
  const start = performance.now();
  const stopping = new AbortController();
  const command = run();
  // Where the command fails there is never such a login.
  command.catch(() => stopping.abort());
  const end = await probe.untilLoginRuns(mark, stopping.signal);
  await command;
  return { s: (end - start) / 1000 };
}

/** A change, a rollback of it, and the same change put back by hand: after each, the stack is in step with its source. */
async function ourSubjects(bench: BenchWorld, ends: (() => Promise<void>)[]): Promise<Subject[]> {
  const { pulumi, pictures } = ourProgram(bench);
  const probe = await loginProbe(bench.world.tenant, bench.world.caFile);
  ends.push(probe.close);
  const file = join(bench.project, `actions/${action}.ts`);
  const source = readFileSync(file, "utf8");
  const write = (mark: string) => writeFileSync(file, marked(source, mark));
  const up = () => pulumi("up", "--yes", "--skip-preview");
  let round = 0;
  write("ours-0");
  await up();
  // With the deployment before, this fills the caches: a first round is not needed.
  await pictures(["versions", action, "--stack", "local"]);
  // The version that the next one follows, and that a rollback goes back to.
  let former = "";
  const change = () => {
    round += 1;
    former = markIn(bench.world.tenant);
    write(`ours-${round}`);
    return untilLogin(probe, `ours-${round}`, up);
  };
  const rollback = async () => {
    const run = () => pictures(["rollback", action, "--stack", "local", "--yes"]);
    const sample = await untilLogin(probe, former, run);
    await pictures(["unpin", action, "--stack", "local"]);
    await up();
    return sample;
  };
  const revert = () => {
    write(`put-back-${round}`);
    return untilLogin(probe, `put-back-${round}`, up);
  };
  return [
    { name: names.change, run: change },
    { name: names.rollback, run: rollback },
    { name: names.revert, run: revert },
  ].map((subject) => ({ ...subject, needsNoWarmUp: true }));
}

/** At a tenant of its own: at ours, what another tool deployed would count as a change by hand. */
async function deployCliSubjects(bench: BenchWorld, ends: (() => Promise<void>)[]): Promise<Subject[]> {
  const { caFile, folder } = bench.world;
  const { import: run, codeFile } = await deployCli(bench, ["actions", "triggers"]);
  const tenant = await createTenant({
    port: 0,
    certificates: await ensureCertificates(folder.certificates),
  });
  ends.push(() => tenant.close());
  const probe = await loginProbe(tenant, caFile);
  ends.push(probe.close);
  await run(tenant);
  return markingSubjects([names.import, names.importBack], tenant, probe, codeFile(action), () =>
    run(tenant),
  );
}

/** None where no `terraform` is on the path. */
async function terraformSubjects(
  bench: BenchWorld,
  ends: (() => Promise<void>)[],
  progress: (line: string) => void,
): Promise<Subject[]> {
  const other = await terraform(bench, progress);
  if (other === undefined) return [];
  ends.push(other.stop);
  const probe = await loginProbe(other.tenant, bench.world.caFile);
  ends.push(probe.close);
  const run = () => other.terraform("apply", "-auto-approve", "-input=false");
  return markingSubjects([names.apply], other.tenant, probe, other.codeFile(action), run);
}

/** Tools that deploy a file with an Action's code. The set-up has run them before. */
function markingSubjects(
  subjectNames: readonly string[],
  tenant: Tenant,
  probe: LoginProbe,
  file: string,
  run: () => Promise<TimedRun>,
): Subject[] {
  let marks = 0;
  return subjectNames.map((name) => ({
    name,
    needsNoWarmUp: true,
    run: () => {
      const mark = `theirs-${marks++}`;
      writeFileSync(file, marked(tenant.flowCode().at(-1) ?? "", mark));
      return untilLogin(probe, mark, run);
    },
  }));
}
