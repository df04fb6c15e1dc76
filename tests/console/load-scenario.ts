import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../lib/hash.ts";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createTenant } from "../../tenant/create-tenant.ts";
import type { SeedUser } from "../../tenant/state/user.ts";
import { runMeasured } from "../bulk/run-measured.ts";
import type { LoadFigures } from "./load-client.ts";

export interface Load {
  /** In the tenant. */
  readonly users: number;
  /** Every so-manieth of them has an own picture. */
  readonly ownEvery: 1 | 2;
  /** How many of those with an own picture were changed at one instant, in the middle of the others. */
  readonly sameInstant: number;
}

export interface LoadResult extends LoadFigures {
  /** The most that the client had resident, in bytes. */
  readonly memory: number;
  readonly failures: readonly string[];
}

/** Has a process of its own walk over the queue of a tenant with so many users. */
export async function walkQueue(load: Load): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-console-"));
  const certificates = await ensureCertificates(folder);
  const tenant = await createTenant({ port: 0, certificates, sandboxSize: 1 });
  try {
    for (const user of seedUsers(load)) tenant.users.create(user);
    const { PATH, HOME } = process.env;
    const env = {
      PATH,
      HOME,
      NODE_EXTRA_CA_CERTS: certificates.caFile,
      LOAD_DOMAIN: tenant.domain,
      LOAD_CLIENT_ID: tenant.clientId,
      LOAD_CLIENT_SECRET: tenant.clientSecret,
    };
    const program = join(projectRoot, "tests/console/load-client.ts");
    const end = await runMeasured({ env }, ["--require", typescriptLoader, program], () => undefined).end;
    if (end.code !== 0) throw new Error(`The client ended with ${String(end.code)}: ${end.output}`);
    const figures = JSON.parse(end.out) as LoadFigures;
    const expected = tenant.users.list().flatMap(({ user_id: id, updated_at: time, user_metadata: own }) => {
      return own?.["picture"] === undefined ? [] : [{ id, time }];
    });
    expected.sort((one, other) => {
      if (one.time !== other.time) return one.time > other.time ? -1 : 1;
      return one.id < other.id ? -1 : 1;
    });
    const failures = [
      ...(figures.users === expected.length
        ? []
        : [`${figures.users} users were given, not ${expected.length}`]),
      ...(figures.order === sha256(expected.map(({ id }) => id).join("\n"))
        ? []
        : ["the order is another one"]),
    ];
    return { ...figures, memory: end.memory, failures };
  } finally {
    await tenant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Spread over some months, with profiles of some kilobytes, as applications leave them. */
export function* seedUsers({ users, ownEvery, sameInstant }: Load): Generator<SeedUser> {
  const latest = Date.parse("2026-11-20T12:00:00.000Z");
  const middle = Math.floor(users / 2);
  const preferences = { theme: "dark", notes: "x".repeat(500) };
  for (let n = 0; n < users; n += 1) {
    const isSame = n >= middle && n < middle + sameInstant * ownEvery;
    yield {
      user_id: `auth0|${(n * 7919) % users}`,
      email: `user${n}@example.com`,
      name: `User ${n}`,
      nickname: `user${n}`,
      picture: `https://s.gravatar.com/avatar/${sha256(String(n)).slice(0, 32)}?s=480&r=pg`,
      updated_at: new Date(latest - (isSame ? middle : n) * 97_000).toISOString(),
      user_metadata: {
        preferences,
        ...(n % ownEvery === 0 ? { picture: `https://img.acme.com/users/${sha256(String(n))}.png` } : {}),
      },
      app_metadata: { plan: "gold", history: "y".repeat(500) },
    };
  }
}
