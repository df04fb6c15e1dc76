import assert from "node:assert/strict";
import type { RecordedResource } from "./record-program.ts";

/** The one resource of that type, which is its token's last part. */
export function onlyResource(resources: readonly RecordedResource[], type: string): RecordedResource {
  const [resource, ...others] = resources.filter((candidate) => candidate.type.endsWith(`:${type}`));
  assert.ok(resource !== undefined && others.length === 0, `exactly one ${type}`);
  return resource;
}
