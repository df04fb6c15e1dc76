import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { pollUntil } from "../../lib/clock.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { startS3, type S3Server } from "../../local/s3/start-s3.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import { decide } from "../../policy/decide.ts";
import { fingerprintOf, type PictureCopy } from "../../policy/picture-copy.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { runMeasured, type CommandEnd } from "../bulk/run-measured.ts";
import { settings } from "../cli/people/people-of.ts";
import { s3Client } from "../local/s3/s3-clients.ts";
import { providerNames, startProviders, type ProviderName, type Providers } from "./providers.ts";

const bucket = "acme-pictures";
const baseUrl = "https://img.acme.com";

/** A tenant with users of six providers, the providers, and a bucket. */
export interface MirrorStage {
  readonly users: number;
  readonly tenant: Tenant;
  readonly providers: Providers;
  /** How many PATCHes each user got. */
  readonly patches: ReadonlyMap<string, number>;
  /** Runs `pictures mirror` with these options to its end, or kills it as soon as so many more users were changed. */
  readonly mirror: (options: readonly string[], killAfter?: number) => Promise<CommandEnd>;
  /** Keys of everything in the bucket. */
  readonly keys: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

export function providerOf(n: number): ProviderName {
  return providerNames[n % providerNames.length] ?? "base64";
}

export function idOf(n: number): string {
  return `${providerOf(n) === "base64" ? "waad" : "google-oauth2"}|${n}`;
}

export async function openMirrorStage(users: number, say: (line: string) => void): Promise<MirrorStage> {
  const root = mkdtempSync(join(tmpdir(), "user-pictures-mirror-"));
  const certificates = await ensureCertificates(join(root, "certificates"));
  const tenant = await createTenant({ port: 0, certificates, sandboxSize: 1, jobMs: 300 });
  const providers = await startProviders(join(root, "certificates"));
  const options = { versitygw: toolchainPaths().versitygw, dataDir: join(root, "s3"), port: 0, certificates };
  const server = await startS3(options);
  const s3 = s3Client(server, options);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (let n = 0; n < users; n += 1) {
    const [provider = "", id = ""] = idOf(n).split("|");
    const identities = [{ provider, connection: provider, user_id: id, isSocial: true }];
    tenant.users.create({ user_id: idOf(n), picture: providers.picture(providerOf(n), n), identities });
  }
  const patches = new Map<string, number>();
  tenant.app.addHook("preHandler", (request, _reply, done) => {
    const id = /^\/api\/v2\/users\/([^/?]+)$/.exec(request.url)?.[1];
    if (request.method === "PATCH" && id !== undefined) {
      const user = decodeURIComponent(id);
      patches.set(user, (patches.get(user) ?? 0) + 1);
    }
    done();
  });
  writeFileSync(join(root, "Pulumi.mirror.yaml"), stackFile(tenant.domain));
  const env = environment(root, { tenant, server, caFile: certificates.caFile });
  return {
    users,
    tenant,
    providers,
    patches,
    mirror: (args, killAfter) => run({ env, args, patches, killAfter, say }),
    keys: () => keysIn(s3),
    close: async () => {
      s3.destroy();
      await providers.stop();
      await server.stop();
      await tenant.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function stackFile(domain: string): string {
  const values = {
    auth0Domain: domain,
    awsAccountId: '"123456789012"',
    awsRegion: "eu-central-1",
    imageBucket: bucket,
    imageBaseUrl: baseUrl,
  };
  const lines = Object.entries(values).map(([key, value]) => `  ${configNamespace}:${key}: ${value}\n`);
  return `config:\n${lines.join("")}`;
}

function environment(
  root: string,
  { tenant, server, caFile }: { readonly tenant: Tenant; readonly server: S3Server; readonly caFile: string },
): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    NODE_EXTRA_CA_CERTS: caFile,
    XDG_STATE_HOME: join(root, "state"),
    PICTURES_STACK_FOLDER: root,
    PICTURES_CLIENT_ID: tenant.clientId,
    PICTURES_CLIENT_SECRET: tenant.clientSecret,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  };
}

interface Run {
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly patches: ReadonlyMap<string, number>;
  readonly killAfter: number | undefined;
  readonly say: (line: string) => void;
}

async function run({ env, args, patches, killAfter, say }: Run): Promise<CommandEnd> {
  const program = join(__dirname, "mirror-process.ts");
  const command = ["--require", typescriptLoader, program, "mirror", "--stack", "mirror", "--json", ...args];
  const before = patches.size;
  const running = runMeasured({ env }, command, say);
  if (killAfter !== undefined) {
    const isEnded = () => running.child.exitCode !== null;
    await pollUntil(() => isEnded() || patches.size >= before + killAfter, {
      withinMs: 3_600_000,
      everyMs: 5,
    });
    running.child.kill("SIGKILL");
  }
  return running.end;
}

async function keysIn(s3: S3Client): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents: objects = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    keys.push(...objects.map(({ Key: key = "" }) => key));
  }
  return keys.sort();
}

/** What is wrong with the users and the bucket after a run that came to its end; the first few. */
export async function wrongAfterRun({
  users,
  tenant,
  providers,
  patches,
  keys,
}: MirrorStage): Promise<string[]> {
  const found = new Set(await keys());
  const wrong: string[] = [];
  for (let n = 0; n < users; n += 1) {
    const copy = copyOf(tenant, n);
    const provider = providerOf(n);
    const times = patches.get(idOf(n)) ?? 0;
    if (times > 1) wrong.push(`User ${n} was changed ${times} times`);
    if (!providers.givesPicture(provider, n)) {
      if (copy !== undefined) wrong.push(`User ${n} of ${provider} has a copy`);
    } else if (copy?.of !== fingerprintOf(providers.picture(provider, n))) {
      wrong.push(`User ${n} of ${provider} has no copy of the root picture`);
    } else if (nextPicture(tenant, n) !== copy.url) {
      wrong.push(`A login of user ${n} does not show the copy`);
    } else if (!found.has(keyOf(copy))) wrong.push(`The copy of user ${n} is not in the bucket`);
  }
  return wrong.slice(0, 10);
}

/** The keys of the copies that profiles point at. */
export function pointedKeys({ users, tenant }: MirrorStage): string[] {
  const copies = Array.from({ length: users }, (_, n) => copyOf(tenant, n));
  return copies.flatMap((copy) => (copy === undefined ? [] : [keyOf(copy)])).sort();
}

/** What a login shows once the stack shows copies. */
function nextPicture(tenant: Tenant, n: number): string | null {
  return decide({ user: tenant.users.get(idOf(n)) }, { ...settings, copies: "show" }).picture;
}

function copyOf(tenant: Tenant, n: number): PictureCopy | undefined {
  const metadata = tenant.users.get(idOf(n))?.app_metadata as { picture_copy?: PictureCopy } | undefined;
  return metadata?.picture_copy;
}

function keyOf({ url }: PictureCopy): string {
  return url.slice(baseUrl.length + 1);
}

/** A run over everybody that is killed three times, a second one with nothing changed, and a prune; what does not hold. */
export async function mirrorEverybody(
  stage: MirrorStage,
  say: (line: string) => void,
): Promise<MirrorFigures> {
  const { providers, patches, tenant } = stage;
  const failures: string[] = [];
  const start = Date.now();
  let memory = 0;
  let kills = 0;
  for (const killAfter of [0.1, 0.15, 0.1].map((share) => Math.ceil(share * stage.users))) {
    const end = await stage.mirror(["--yes"], killAfter);
    memory = Math.max(memory, end.memory);
    if (end.signal === "SIGKILL") kills += 1;
    say(`killed after ${patches.size} users were changed`);
  }
  const end = await stage.mirror(["--yes"]);
  memory = Math.max(memory, end.memory);
  const seconds = (Date.now() - start) / 1000;
  if (end.code !== 2) failures.push(`the last run ended with ${end.code}: ${end.output.slice(0, 500)}`);
  failures.push(...(await wrongAfterRun(stage)));
  for (const [name, { atOnce, tooEarly }] of Object.entries(providers.asked)) {
    if (atOnce > 2) failures.push(`${name} was asked ${atOnce} times at once`);
    // Two may be on their way when the host says that it is too much; after a kill, the next process does not know.
    if (tooEarly > 1 + kills * 2 + providers.asked.busy.requests / 40)
      failures.push(`${name} was asked ${tooEarly} times too early`);
  }
  const orphans = (await stage.keys()).length - pointedKeys(stage).length;

  const before = { patches: tenant.requests.count({ method: "PATCH" }), ...bodies(providers) };
  const second = await stage.mirror(["--yes"]);
  const after = { patches: tenant.requests.count({ method: "PATCH" }), ...bodies(providers) };
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    failures.push(`the second run wrote or fetched: ${JSON.stringify({ before, after })}`);
  }
  memory = Math.max(memory, second.memory);

  for (let n = 0; n < stage.users; n += 20) tenant.users.delete(idOf(n));
  const pruned = await stage.mirror(["--prune", "--older-than", "0", "--yes"]);
  if (pruned.code !== 0) failures.push(`the prune ended with ${pruned.code}: ${pruned.output.slice(0, 500)}`);
  if ((await stage.keys()).join() !== pointedKeys(stage).join())
    failures.push("a copy of nobody is left, or one is gone");
  return { failures, memory, kills, seconds, orphans, output: end.out, asked: providers.asked };
}

export interface MirrorFigures {
  readonly failures: readonly string[];
  /** The most that a run had resident, in bytes. */
  readonly memory: number;
  readonly kills: number;
  /** Of the runs up to the first that came to its end. */
  readonly seconds: number;
  /** Objects that killed runs left, before the prune. */
  readonly orphans: number;
  readonly output: string;
  readonly asked: Providers["asked"];
}

/** Of the two that give pictures by https. */
function bodies({ asked }: Providers) {
  return { busy: asked.busy.bodies, half: asked.half.bodies };
}
