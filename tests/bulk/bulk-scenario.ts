import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineWriter, readLines } from "../../lib/lines.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { askOf, bulkUser, linkedIdentity, wrongWith } from "./bulk-users.ts";
import { runMeasured, type CommandEnd } from "./run-measured.ts";
import type { TenantNews, TenantOrder, TenantResult } from "./tenant-messages.ts";

/** When a process is killed: as the tenant hears of the so-manieth job of a kind. */
export interface KillMoment {
  readonly what: "export" | "import";
  readonly number: number;
  /** Milliseconds after that. */
  readonly afterMs: number;
  /** Whether that import gets lost: it is sent, and the tenant never does it. */
  readonly isLost?: boolean;
}

export interface BulkScenario {
  readonly users: number;
  readonly kills: readonly KillMoment[];
  /** Arguments of Node for the command, before those of `apply`. */
  readonly command: readonly string[];
  readonly progress: (line: string) => void;
  /** `windows`: as a spreadsheet writes it, with the ids of linked identities. By default plain CSV with primary ids. */
  readonly file?: "plain" | "windows";
}

export interface BulkFigures extends TenantResult {
  /** The most that any of the processes had resident, in bytes. */
  readonly memory: number;
  readonly seconds: number;
  /** Of the last process. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly kills: number;
  /** What is wrong with users, the first few, and how many are. */
  readonly wrong: readonly string[];
  readonly wrongUsers: number;
}

/** A tenant with many users in a process of its own. */
export interface BulkStage {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly tenant: ChildProcess;
  readonly close: () => Promise<void>;
}

const stackConfig = `config:
  ${configNamespace}:auth0Domain: DOMAIN
  ${configNamespace}:awsAccountId: "123456789012"
  ${configNamespace}:awsRegion: eu-central-1
  ${configNamespace}:imageBucket: acme-pictures
  ${configNamespace}:imageBaseUrl: https://img.acme.com
`;

/** @param links Whether some users have linked identities. */
export async function openBulkStage(users: number, links = false): Promise<BulkStage> {
  const root = mkdtempSync(join(tmpdir(), "user-pictures-bulk-"));
  const certificates = join(root, "certificates");
  const { caFile } = await ensureCertificates(certificates);
  const tenant = fork(
    join(__dirname, "tenant-process.ts"),
    [String(users), certificates, ...(links ? ["linked"] : [])],
    {
      execArgv: ["--require", typescriptLoader],
    },
  );
  const ready = await heard(tenant, "ready");
  writeFileSync(join(root, "Pulumi.bulk.yaml"), stackConfig.replace("DOMAIN", ready.domain));
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    root,
    tenant,
    env: {
      PATH,
      HOME,
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      NODE_EXTRA_CA_CERTS: caFile,
      XDG_STATE_HOME: join(root, "state"),
      PICTURES_STACK_FOLDER: root,
      PICTURES_CLIENT_ID: ready.clientId,
      PICTURES_CLIENT_SECRET: ready.clientSecret,
    },
    close: async () => {
      const closed = once(tenant, "exit");
      tenant.disconnect();
      await closed;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Applies a file to every user, killed and begun again, while others write too. */
export async function applyToEverybody(stage: BulkStage, scenario: BulkScenario): Promise<BulkFigures> {
  const file = writeChanges(stage, scenario);
  const start = Date.now();
  let memory = 0;
  let kills = 0;
  const args = ["apply", file, "--yes", "--stack", "bulk", "--report", reportFile(stage)];
  for (const moment of scenario.kills) {
    const killed = await runUntil(stage, scenario, args, moment);
    memory = Math.max(memory, killed.memory);
    if (killed.signal === "SIGKILL") kills += 1;
    scenario.progress(`killed at ${moment.what} ${moment.number}`);
  }
  const last = await runUntil(stage, scenario, args, undefined);
  const seconds = (Date.now() - start) / 1000;
  const { users, result } = await usersNow(stage);
  return {
    ...result,
    memory: Math.max(memory, last.memory),
    seconds,
    exitCode: last.code,
    output: last.output,
    kills,
    ...wrongAmong(scenario.users, users, result),
  };
}

function writeChanges({ root }: BulkStage, { users, file: kind }: BulkScenario): string {
  const file = join(root, "changes.csv");
  const lines = kind === "windows" ? utf16Lines(file) : lineWriter(file, "w");
  const separator = kind === "windows" ? ";" : ",";
  lines.write(["user", "action", "url", "reason"].join(separator));
  for (let number = 0; number < users; number += 1) {
    const ask = askOf(number);
    const linked = kind === "windows" ? linkedIdentity(number) : undefined;
    const user = linked === undefined ? bulkUser(number).user_id : `${linked.provider}|${linked.user_id}`;
    const url = ask.action === "set" ? ask.url : "";
    const reason = ask.action === "block" ? ask.reason : "";
    lines.write([user, ask.action, url, reason].join(separator));
  }
  lines.close();
  return file;
}

/** As Windows' programs write "Unicode text": little-endian with a mark, and both line ends. */
function utf16Lines(file: string): { readonly write: (line: string) => void; readonly close: () => void } {
  const descriptor = openSync(file, "w");
  writeSync(descriptor, Buffer.from("\uFEFF", "utf16le"));
  return {
    write: (line) => {
      writeSync(descriptor, Buffer.from(`${line}\r\n`, "utf16le"));
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

/** The report of the last run. */
export function reportFile({ root }: BulkStage): string {
  return join(root, "outcomes.ndjson");
}

/** A file with every profile of the tenant, and what it counted. */
export async function usersNow({
  root,
  tenant,
}: BulkStage): Promise<{ users: string; result: TenantResult }> {
  const users = join(root, "users.ndjson");
  const { result } = await ordered(tenant, { kind: "finish", file: users }, "finished");
  return { users, result };
}

/** Runs the command to its end, or kills it at that moment. */
export async function runUntil(
  stage: BulkStage,
  { command, progress }: Pick<BulkScenario, "command" | "progress">,
  args: readonly string[],
  moment: KillMoment | undefined,
): Promise<CommandEnd> {
  const { tenant } = stage;
  if (moment?.isLost === true) tenant.send({ kind: "lose", number: moment.number } satisfies TenantOrder);
  const running = runMeasured(stage, [...command, ...args], progress);
  const onNews = (news: TenantNews) => {
    if (moment === undefined || news.kind !== "asked" || news.what !== moment.what) return;
    if (news.number >= moment.number) setTimeout(() => running.child.kill("SIGKILL"), moment.afterMs);
  };
  tenant.on("message", onNews);
  const end = await running.end;
  tenant.off("message", onNews);
  tenant.send({ kind: "killed" } satisfies TenantOrder);
  return end;
}

function wrongAmong(count: number, file: string, { notes, deleted }: TenantResult) {
  const numbers = new Map<string, number>();
  for (let number = 0; number < count; number += 1) numbers.set(bulkUser(number).user_id, number);
  const gone = new Set(deleted);
  const wrong: string[] = [];
  let wrongUsers = 0;
  const report = (text: string) => {
    wrongUsers += 1;
    if (wrong.length < 5) wrong.push(text);
  };
  for (const { text } of readLines(file)) {
    const found = JSON.parse(text) as Record<string, unknown> & { user_id: string };
    const number = numbers.get(found.user_id);
    numbers.delete(found.user_id);
    if (number === undefined || gone.has(number)) report(`${found.user_id} is there again`);
    else {
      const what = wrongWith(number, found, notes[String(number)]);
      if (what !== undefined) report(`User ${number} ${what}`);
    }
  }
  for (const number of numbers.values()) if (!gone.has(number)) report(`User ${number} is gone`);
  return { wrong, wrongUsers };
}

async function heard<Kind extends TenantNews["kind"]>(
  tenant: ChildProcess,
  kind: Kind,
): Promise<Extract<TenantNews, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (news: TenantNews) => {
      if (news.kind !== kind) return;
      tenant.off("message", onMessage);
      resolve(news as Extract<TenantNews, { kind: Kind }>);
    };
    tenant.on("message", onMessage);
    tenant.once("exit", () => {
      reject(new Error("The tenant's process ended."));
    });
  });
}

async function ordered<Kind extends TenantNews["kind"]>(
  tenant: ChildProcess,
  order: TenantOrder,
  kind: Kind,
) {
  const news = heard(tenant, kind);
  tenant.send(order);
  return news;
}
