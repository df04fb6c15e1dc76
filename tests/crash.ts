import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { runMain } from "../cli/run-command.ts";
import { startLocalWorld, type LocalWorld } from "../local/start/local-world.ts";
import { requirePulumi, runPulumi } from "../local/start/run-pulumi.ts";
import type { StackConfig } from "../local/start/write-project.ts";
import { deployedContents } from "./e2e/deployed-contents.ts";
import { interruptionsOf, type Interruptions } from "./e2e/interrupted-run.ts";
import { runPictures } from "./e2e/run-pictures.ts";
import { managementApi, type ManagementApi } from "./management-api.ts";

const up = ["up", "--yes", "--skip-preview"];
const scenarios = ["first", "change", "lost"] as const;
type Scenario = (typeof scenarios)[number];

interface Stage {
  readonly world: LocalWorld;
  readonly api: ManagementApi;
  readonly interruptions: Interruptions;
}

/** Where so many points fail the fault is not in a point. */
const maxFailures = 10;

/** What happened at one point, or undefined where a run makes no such call any more. */
type Point = (call: number) => Promise<string | undefined>;

interface Tally {
  points: number;
  failures: number;
}

async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "user-pictures-crash-"));
  const world = await startLocalWorld({ root, tenantPort: 0, s3Port: 0, progress: () => undefined });
  try {
    const interruptions = interruptionsOf(world);
    const api = await managementApi({ ...world.tenant, caFile: world.caFile });
    await requirePulumi(world, ["stack", "init", "local"]);
    try {
      return await play({ world, api, interruptions });
    } finally {
      await api.close();
    }
  } finally {
    await world.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** What must hold after any accident: one `recover` and one `up`, and all is as without it. */
async function assertRecovered({ world, api }: Stage, expected: unknown): Promise<void> {
  const recovery = await runPictures(world, "recover", "--yes");
  assert.equal(recovery.code, 0, recovery.output);
  await requirePulumi(world, up);
  await requirePulumi(world, ["preview", "--refresh", "--expect-no-changes"]);
  // Addresses hold the ports, which are others in each world.
  assert.equal(comparable(world, await deployedContents(world, api)), expected);
}

function comparable({ tenant, s3 }: LocalWorld, contents: unknown): string {
  return JSON.stringify(contents, null, 1).replaceAll(tenant.domain, "TENANT").replaceAll(s3.endpoint, "S3");
}

const contentsNow = async ({ world, api }: Stage) => comparable(world, await deployedContents(world, api));

/** The first `up` into an empty stack, in a world of its own for each call. */
async function firstRuns(tally: Tally, from: number): Promise<void> {
  const expected = await onStage(async (stage) => {
    await requirePulumi(stage.world, up);
    return contentsNow(stage);
  });
  await everyPoint(tally, "first", from, (call) =>
    onStage(async (stage) => {
      const { killedAt } = await stage.interruptions.run(up, (_call, number) => number === call);
      if (killedAt === undefined) return undefined;
      await assertRecovered(stage, expected);
      return `killed at ${killedAt}`;
    }),
  );
}

/** A later `up` that changes the Actions and the default image, back and forth in one world. */
async function changingRuns(tally: Tally, from: number): Promise<void> {
  const configurations: readonly StackConfig[] = [
    { social: "replace", defaultImage: "tests/e2e/other-default.png" },
    {},
  ];
  await onStage(async (stage) => {
    const { world, interruptions } = stage;
    const expected: string[] = [];
    for (const configuration of [...configurations, ...configurations]) {
      await world.configure(configuration);
      await requirePulumi(world, up);
      expected.push(await contentsNow(stage));
    }
    await everyPoint(tally, "change", from, async (call) => {
      await world.configure(configurations[call % 2] ?? {});
      const { killedAt } = await interruptions.run(up, (_call, number) => number === call);
      if (killedAt === undefined) return undefined;
      await assertRecovered(stage, expected[2 + (call % 2)]);
      return `killed at ${killedAt}`;
    });
  });
}

/** The first `up`, with the answer to one write lost. */
async function lostAnswers(tally: Tally, from: number): Promise<void> {
  const expected = await onStage(async (stage) => {
    await requirePulumi(stage.world, up);
    return contentsNow(stage);
  });
  for (const method of ["POST", "PATCH"]) {
    await everyPoint(tally, `lost ${method}`, from, (skip) =>
      onStage(async (stage) => {
        const { faults } = stage.world.tenant;
        faults.set([{ kind: "drop-after", method, skip, times: 1 }]);
        await runPulumi(stage.world, up);
        const [lost] = faults.injected();
        faults.clear();
        if (lost === undefined) return undefined;
        await assertRecovered(stage, expected);
        return `answer lost of ${lost.method} ${lost.route}`;
      }),
    );
  }
}

async function everyPoint(tally: Tally, name: string, from: number, point: Point): Promise<void> {
  for (let call = from; tally.failures < maxFailures; call += 1) {
    const started = Date.now();
    const line = (text: string) => {
      console.log(`${name} ${call}: ${text} (${Math.round((Date.now() - started) / 1000)} s)`);
    };
    try {
      const happened = await point(call);
      if (happened === undefined) return;
      line(`${happened}: recovered`);
    } catch (error) {
      tally.failures += 1;
      line(`NOT RECOVERED: ${error instanceof Error ? error.message : String(error)}`);
    }
    tally.points += 1;
  }
}

const plays: Readonly<Record<Scenario, (tally: Tally, from: number) => Promise<void>>> = {
  first: firstRuns,
  change: changingRuns,
  lost: lostAnswers,
};

/** `npm run crash`: every call of the Management API in turn. It takes the better part of an hour. */
const command = new Command("crash")
  .description(
    "Kills pulumi at every call of the Management API in turn, and loses every answer to a write; after one recover " +
      "and one up all must be as without it. Exits 1 where it is not.",
  )
  .addOption(new Option("--scenario <name>", "only this one").choices(scenarios))
  .option("--from <n>", "begin at this call", Number, 0)
  .addHelpText("after", "\nExample: npm run crash -- --scenario lost")
  .action(async ({ scenario, from }: { scenario?: Scenario; from: number }) => {
    const tally: Tally = { points: 0, failures: 0 };
    for (const name of scenario === undefined ? scenarios : [scenario]) await plays[name](tally, from);
    console.log(`${tally.points} points, ${tally.failures} not recovered`);
    if (tally.failures > 0) process.exitCode = 1;
  });

runMain(command);
