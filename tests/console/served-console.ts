import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stringify } from "yaml";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { runMeasured } from "../bulk/run-measured.ts";
import { enterConsole, rawRequest } from "../cli/console/raw-request.ts";
import { seedUsers, type Load } from "./load-scenario.ts";

/** As a browser finds it. */
export interface ServedFigures {
  /** Milliseconds until the first page with cards is there. */
  readonly firstMs: number;
  /** The slowest of the pages behind it. */
  readonly nextMs: number;
  /** Cards that were given. */
  readonly cards: number;
  /** The most that the console had resident, in bytes. */
  readonly memory: number;
}

/** Has `pictures console` serve the queue of a tenant with so many users: the first page, and so many cards behind it. */
export async function walkServedConsole(load: Load, wanted: number): Promise<ServedFigures> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-console-"));
  const certificates = await ensureCertificates(folder);
  const tenant = await createTenant({ port: 0, certificates, sandboxSize: 1 });
  try {
    for (const user of seedUsers(load)) tenant.users.create(user);
    writeStack(folder, tenant.domain);
    return await served({ ...variables(folder, tenant), NODE_EXTRA_CA_CERTS: certificates.caFile }, wanted);
  } finally {
    await tenant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeStack(folder: string, auth0Domain: string): void {
  const config = {
    auth0Domain,
    awsAccountId: "000000000000",
    awsRegion: "eu-central-1",
    imageBucket: "pictures",
    gravatar: "never",
  };
  const named = Object.entries(config).map(([key, value]) => [`${configNamespace}:${key}`, value] as const);
  writeFileSync(join(folder, "Pulumi.local.yaml"), stringify({ config: Object.fromEntries(named) }));
}

function variables(folder: string, { domain, clientId, clientSecret }: Tenant): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    PATH,
    HOME,
    PICTURES_STACK_FOLDER: folder,
    XDG_STATE_HOME: join(folder, "state"),
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
  };
}

async function served(env: NodeJS.ProcessEnv, wanted: number): Promise<ServedFigures> {
  const args = [
    "--require",
    typescriptLoader,
    join(projectRoot, "cli/main.ts"),
    "console",
    "--stack",
    "local",
    "--no-open",
    "--json",
  ];
  const { child, end } = runMeasured({ env }, args, () => undefined);
  try {
    const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const { origin, base, cookie } = await enterConsole(url);
    const get = async (path: string) => {
      const startedAt = performance.now();
      const { body } = await rawRequest(`${origin}${base}${path}`, { headers: { cookie } });
      return { body, ms: performance.now() - startedAt };
    };
    const first = await get("/");
    let cards = first.body.split('class="judged"').length - 1;
    let [nextMs, next] = [0, placeIn(first.body)];
    while (next !== null && cards < wanted) {
      const { body, ms } = await get(`/cards?from=${next}`);
      const more = JSON.parse(body) as { readonly cards: readonly string[]; readonly next: number | null };
      cards += more.cards.length;
      nextMs = Math.max(nextMs, ms);
      next = more.next;
    }
    child.kill();
    return { firstMs: first.ms, nextMs, cards, memory: (await end).memory };
  } finally {
    child.kill();
  }
}

/** Where the cards behind the page begin; null at the end. */
function placeIn(page: string): number | null {
  const found = /data-next="(\d*)"/.exec(page)?.[1] ?? "";
  return found === "" ? null : Number(found);
}
