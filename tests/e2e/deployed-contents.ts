import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { LocalWorld } from "../../local/start/local-world.ts";
import type { ManagementApi } from "../management-api.ts";
import { tenantContents } from "./tenant-contents.ts";

/**
 * Everything that a deployment puts into the tenant and the bucket, as far as it is the same for a deployment without an
 * accident: a run that is repeated may deploy an Action once more, so the number of its version says nothing.
 */
export async function deployedContents(world: LocalWorld, api: ManagementApi): Promise<unknown> {
  const bucket = join(world.folder.s3, "buckets", world.s3.bucket);
  const objects = readdirSync(bucket, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("."))
    .sort();
  const contents = { ...(await tenantContents(api)), objects };
  return JSON.parse(
    JSON.stringify(contents, (key, value: unknown) => (key === "number" ? undefined : value)),
  );
}
