import { once } from "node:events";
import { closeSync, openSync, writeSync } from "node:fs";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { bulkUser, linkedIdentity, pictureOfOthers } from "./bulk-users.ts";
import type { TenantNews, TenantOrder, TenantResult } from "./tenant-messages.ts";

/** How many users others change, and delete, each time. */
const foreignWrites = 5;

/** A tenant with many users, in which others are at work too. */
interface Stage {
  readonly tenant: Tenant;
  readonly numbers: ReadonlyMap<string, number>;
  readonly sent: Map<string, number>;
  readonly notes: Map<number, string>;
  readonly deleted: Set<number>;
  /** Users who may be sent once more. */
  readonly excused: Set<string>;
  /** The users of the imports since the last export was asked for. */
  wave: Set<string>;
  filesOfWave: number;
  asked: { export: number; import: number };
  /** The number of the import that gets lost. */
  lost: number | undefined;
  seed: number;
}

function tell(news: TenantNews): void {
  process.send?.(news);
}

/** The same numbers in each run. */
function nextNumber(stage: Stage, below: number): number {
  stage.seed = (Math.imul(stage.seed, 1_664_525) + 1_013_904_223) >>> 0;
  return stage.seed % below;
}

/** Others write to users who are in no file in flight. */
function writeAsOthers(stage: Stage): void {
  const { tenant, numbers, notes, deleted, wave, sent } = stage;
  // Where nearly all users are in the wave, fewer are written to.
  for (let done = 0, tried = 0; done < foreignWrites && tried < numbers.size * 10; tried += 1) {
    const number = nextNumber(stage, numbers.size);
    const profile = tenant.users.get(bulkUser(number).user_id);
    if (profile === undefined || wave.has(profile.user_id)) continue;
    done += 1;
    const isOpen = !sent.has(profile.user_id);
    if (done === 1 && isOpen) {
      tenant.users.delete(profile.user_id);
      deleted.add(number);
      notes.delete(number);
    } else {
      const note = `note ${nextNumber(stage, 1000)}`;
      profile.user_metadata = { ...profile.user_metadata, note };
      notes.set(number, note);
    }
  }
}

function meddle(
  { tenant, notes }: Stage,
  { changed, deleted }: Extract<TenantOrder, { kind: "meddle" }>,
): void {
  for (const number of changed) {
    const profile = tenant.users.get(bulkUser(number).user_id);
    if (profile !== undefined) profile.user_metadata = { ...profile.user_metadata, picture: pictureOfOthers };
  }
  for (const number of deleted) {
    tenant.users.delete(bulkUser(number).user_id);
    notes.delete(number);
  }
}

function seeImport(stage: Stage, body: unknown): void {
  const rows = /\[\{.*\}\]/s.exec(String(body))?.[0] ?? "[]";
  for (const { user_id: id } of JSON.parse(rows) as { user_id: string }[]) {
    const user = `auth0|${id}`;
    stage.wave.add(user);
    stage.sent.set(user, (stage.sent.get(user) ?? 0) + 1);
  }
  stage.filesOfWave += 1;
  // Both files of the wave are known: nobody else is in flight.
  if (stage.filesOfWave === 2) writeAsOthers(stage);
}

function watchJobs(stage: Stage): void {
  stage.tenant.app.addHook("preHandler", async (request, reply) => {
    if (request.method === "POST" && request.url === "/api/v2/jobs/users-exports") {
      stage.wave = new Set();
      stage.filesOfWave = 0;
      stage.asked.export += 1;
      tell({ kind: "asked", what: "export", number: stage.asked.export });
    }
    if (request.method === "POST" && request.url === "/api/v2/jobs/users-imports") {
      seeImport(stage, request.body);
      stage.asked.import += 1;
      tell({ kind: "asked", what: "import", number: stage.asked.import });
      if (stage.asked.import !== stage.lost) return;
      // No answer: the process is killed while it waits.
      reply.hijack();
      await once(request.raw.socket, "close");
    }
  });
}

function finish(stage: Stage, file: string): TenantResult {
  const { tenant, sent, excused, notes, deleted, asked } = stage;
  const descriptor = openSync(file, "w");
  for (const profile of tenant.users.list()) writeSync(descriptor, `${JSON.stringify(profile)}\n`);
  closeSync(descriptor);
  const again = [...sent].filter(([, times]) => times > 1);
  return {
    requests: tenant.requests.count({ pathPrefix: "/api/v2/" }),
    requestsOfOne: tenant.requests.count({ pathPrefix: "/api/v2/users/" }),
    imports: asked.import,
    exports: asked.export,
    sentAgain: again.length,
    sentTwice: again.filter(([user]) => !excused.has(user)).length,
    notes: Object.fromEntries(notes),
    deleted: [...deleted],
    unhandled: tenant.unhandled.length,
  };
}

/** @param links `linked`, where some users are to have linked identities. */
async function main([count = "0", certificateFolder = "", links]: readonly string[]): Promise<void> {
  const tenant = await createTenant({
    port: 0,
    certificates: await ensureCertificates(certificateFolder),
    sandboxSize: 1,
    jobMs: 300,
  });
  const numbers = new Map<string, number>();
  for (let number = 0; number < Number(count); number += 1) {
    const user = structuredClone<object>(bulkUser(number)) as Parameters<Tenant["users"]["create"]>[0];
    const linked = links === "linked" ? linkedIdentity(number) : undefined;
    const primary = { provider: "auth0", user_id: user.user_id.slice("auth0|".length) };
    tenant.users.create({ ...user, ...(linked && { identities: [primary, linked] }) });
    numbers.set(user.user_id, number);
  }
  const stage: Stage = {
    tenant,
    numbers,
    sent: new Map(),
    notes: new Map(),
    deleted: new Set(),
    excused: new Set(),
    wave: new Set(),
    filesOfWave: 0,
    asked: { export: 0, import: 0 },
    lost: undefined,
    seed: 1,
  };
  watchJobs(stage);
  process.on("message", (order: TenantOrder) => {
    if (order.kind === "killed") for (const user of stage.wave) stage.excused.add(user);
    else if (order.kind === "lose") stage.lost = order.number;
    else if (order.kind === "meddle") meddle(stage, order);
    else tell({ kind: "finished", result: finish(stage, order.file) });
  });
  process.once("disconnect", () => void tenant.close().then(() => process.exit()));
  tell({
    kind: "ready",
    domain: tenant.domain,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
  });
}

void main(process.argv.slice(2));
