import { randomUUID } from "node:crypto";
import type { Dependency, SecretInput, SecretRecord } from "./action.ts";
import { changedSecrets } from "./action.ts";
import { nanosecondTimestamp } from "./ids-and-timestamps.ts";

/** Code that Actions share: a draft, and the versions that were published of it. */
export interface ModuleRecord extends ModuleContent {
  id: string;
  name: string;
  created_at: string;
  updated_at: string;
  /** Oldest first. */
  versions: ModuleVersionRecord[];
}

interface ModuleContent {
  code: string;
  dependencies: Dependency[];
  secrets: SecretRecord[];
}

export interface ModuleVersionRecord extends ModuleContent {
  id: string;
  version_number: number;
  created_at: string;
}

/** The fields of a POST or PATCH; a PATCH leaves out what it does not change. */
export interface ModuleInput {
  code?: string;
  dependencies?: Dependency[];
  secrets?: SecretInput[];
}

export function newModule(name: string, input: ModuleInput): ModuleRecord {
  const now = nanosecondTimestamp();
  const module: ModuleRecord = {
    id: randomUUID(),
    name,
    code: "",
    dependencies: [],
    secrets: [],
    created_at: now,
    updated_at: now,
    versions: [],
  };
  changeModule(module, input, now);
  return module;
}

/** Writes the given fields into the draft; versions stay as they are. */
export function changeModule(module: ModuleRecord, input: ModuleInput, now = nanosecondTimestamp()): void {
  module.code = input.code ?? module.code;
  module.dependencies = input.dependencies ?? module.dependencies;
  if (input.secrets) module.secrets = changedSecrets(module.secrets, input.secrets, now);
  module.updated_at = now;
}

/** Freezes the draft as the newest version. */
export function publishModule(module: ModuleRecord): ModuleVersionRecord {
  const version: ModuleVersionRecord = {
    ...contentOf(module),
    id: randomUUID(),
    version_number: (module.versions.at(-1)?.version_number ?? 0) + 1,
    created_at: nanosecondTimestamp(),
  };
  module.versions.push(version);
  return version;
}

/** Makes the draft what it was at that version, as documented. */
export function rollBackModule(module: ModuleRecord, version: ModuleVersionRecord): void {
  Object.assign(module, contentOf(version), { updated_at: nanosecondTimestamp() });
}

/** Whether the newest version is what the draft holds. */
export function isPublished(module: ModuleRecord): boolean {
  const latest = module.versions.at(-1);
  return latest !== undefined && JSON.stringify(contentOf(latest)) === JSON.stringify(contentOf(module));
}

function contentOf({ code, dependencies, secrets }: ModuleContent): ModuleContent {
  return structuredClone({ code, dependencies, secrets });
}
