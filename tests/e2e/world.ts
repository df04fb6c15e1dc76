import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalWorld, type LocalWorld } from "../../local/start/local-world.ts";
import { managementApi, type ManagementApi } from "../management-api.ts";

/**
 * A local world in a folder of its own for the surrounding suite, on free ports; nothing is deployed. After the
 * suite everything of it is gone, and a request that the tenant has no route for fails it.
 */
export function worldForSuite(): () => LocalWorld {
  let world: LocalWorld | undefined;
  let root = "";

  before(async function () {
    this.timeout(600_000);
    root = mkdtempSync(join(tmpdir(), "user-pictures-world-"));
    world = await startLocalWorld({ root, tenantPort: 0, s3Port: 0, progress: () => undefined });
  });

  after(async function () {
    this.timeout(600_000);
    const unhandled = world?.tenant.unhandled ?? [];
    await world?.stop();
    if (root !== "") rmSync(root, { recursive: true, force: true });
    if (unhandled.length > 0) throw new Error(`The local tenant lacks routes: ${JSON.stringify(unhandled)}`);
  });

  return () => {
    if (world === undefined) throw new Error("The world is there from the suite's first test on.");
    return world;
  };
}

/** The Management API of the suite's world, from the suite's own first hook on. */
export function apiForSuite(world: () => LocalWorld): ManagementApi {
  let api: ManagementApi | undefined;

  before(async () => {
    const { tenant, caFile } = world();
    api = await managementApi({ ...tenant, caFile });
  });
  after(() => api?.close());

  const opened = () => {
    if (api === undefined) throw new Error("The Management API is there from the suite's own first hook on.");
    return api;
  };
  return { call: (...request) => opened().call(...request), close: () => opened().close() };
}
