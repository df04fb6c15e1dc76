import { randomUUID } from "node:crypto";
import { nanosecondTimestamp } from "./ids-and-timestamps.ts";

/** A value that an Action may read as `event.secrets.<name>`. The API never gives the value back. */
export interface SecretRecord {
  name: string;
  value: string;
  updated_at: string;
}

interface SupportedTrigger {
  id: string;
  version: string;
}

export interface Dependency {
  name: string;
  version: string;
}

/** A version of a module that an Action uses, as answers show it. */
export interface ModuleReference {
  module_id: string;
  module_name: string;
  module_version_id: string;
  module_version_number: number;
}

/** What a version freezes and what a draft holds. */
interface ActionContent {
  code: string;
  dependencies: Dependency[];
  secrets: SecretRecord[];
  runtime: string;
  supported_triggers: SupportedTrigger[];
  /** Absent where none were sent. */
  modules?: ModuleReference[];
}

export interface VersionRecord extends ActionContent {
  id: string;
  number: number;
  created_at: string;
  updated_at: string;
  built_at: string;
}

type BuildStatus = "pending" | "building" | "retrying" | "built" | "failed";

export interface ActionRecord {
  id: string;
  name: string;
  created_at: string;
  updated_at: string;
  draft: ActionContent;
  status: BuildStatus;
  /** When the draft was last written, in milliseconds since 1970: its build starts then. */
  buildStartedAt: number;
  /** On demand: the build does not end before, in milliseconds since 1970. */
  buildHeldUntil?: number;
  /** On demand: the build fails. */
  buildFails?: true;
  /** Its draft needs an npm module that is not to be had. */
  lacksDependency?: boolean;
  /** It is to be deployed as soon as it is built. */
  deploysWhenBuilt?: true;
  /** True while the deployed version is what the draft holds. */
  allChangesDeployed: boolean;
  /** Oldest first; the last is the deployed one. At most {@link maxVersions}. */
  versions: VersionRecord[];
  /** The number that the next deploy gets. */
  nextNumber: number;
}

/** Auth0 keeps this many versions of an Action and deletes the oldest. */
const maxVersions = 50;

/** The version that logins run, where the Action was ever deployed. */
export function deployedVersion(action: ActionRecord): VersionRecord | undefined {
  return action.versions.at(-1);
}

/** A secret as it is sent: without a value it keeps the one that it had. */
export interface SecretInput {
  name: string;
  value?: string;
}

/** The fields of a POST or PATCH; a PATCH leaves out what it does not change. */
export interface ActionInput {
  name?: string;
  supported_triggers?: SupportedTrigger[];
  code?: string;
  dependencies?: Dependency[];
  secrets?: SecretInput[];
  runtime?: string;
  modules?: ModuleReference[];
  /** Only at creation. */
  deploy?: boolean;
}

const defaultRuntime = "node22";

/** A new Action, never deployed, its build about to start. */
export function newAction(name: string, input: ActionInput): ActionRecord {
  const now = nanosecondTimestamp();
  const draft: ActionContent = {
    code: "",
    dependencies: [],
    secrets: [],
    runtime: defaultRuntime,
    supported_triggers: [],
  };
  const action: ActionRecord = {
    id: randomUUID(),
    name,
    created_at: now,
    updated_at: now,
    draft,
    status: "pending",
    buildStartedAt: 0,
    allChangesDeployed: false,
    versions: [],
    nextNumber: 1,
  };
  changeDraft(action, input, now);
  if (input.deploy === true) action.deploysWhenBuilt = true;
  return action;
}

/** Writes the given fields into the draft; versions stay as they are. */
export function changeDraft(action: ActionRecord, input: ActionInput, now = nanosecondTimestamp()): void {
  const { draft } = action;
  const former = JSON.stringify([action.name, draft]);
  action.name = input.name ?? action.name;
  action.draft = {
    code: input.code ?? draft.code,
    dependencies: input.dependencies ?? draft.dependencies,
    secrets: input.secrets ? changedSecrets(draft.secrets, input.secrets, now) : draft.secrets,
    runtime: input.runtime ?? draft.runtime,
    supported_triggers: input.supported_triggers ?? draft.supported_triggers,
    ...withModules(input.modules ?? draft.modules),
  };
  action.updated_at = now;
  action.status = "pending";
  action.buildStartedAt = Date.now();
  // A change that changes nothing leaves what is deployed up to date.
  if (JSON.stringify([action.name, action.draft]) !== former) action.allChangesDeployed = false;
}

function withModules(modules: ModuleReference[] | undefined): Pick<ActionContent, "modules"> {
  return modules && modules.length > 0 ? { modules } : {};
}

/** Names that were known come first and in their old order, as seen once in a real answer. */
export function changedSecrets(known: SecretRecord[], sent: SecretInput[], now: string): SecretRecord[] {
  const position = (name: string): number => {
    const index = known.findIndex((secret) => secret.name === name);
    return index === -1 ? known.length : index;
  };
  return sent
    .toSorted((a, b) => position(a.name) - position(b.name))
    .map(({ name, value }) => {
      const old = known.find((secret) => secret.name === name);
      // What Auth0 does with a secret that has no value was not observed; keeping it is the answer that loses nothing.
      if (value === undefined && old) return old;
      return { name, value: value ?? "", updated_at: now };
    });
}

/** Makes the draft's content the newest version, which logins run from now on. */
export function deployDraft(action: ActionRecord): VersionRecord {
  const version = addVersion(action, action.draft);
  action.allChangesDeployed = true;
  return version;
}

/**
 * Deploys an older version again, as a new one with the same content. Unless `updateDraft`, the draft stays what it was
 * and now differs from what is deployed.
 */
export function deployVersion(
  action: ActionRecord,
  version: VersionRecord,
  updateDraft: boolean,
): VersionRecord {
  const { code, dependencies, secrets, runtime, supported_triggers, modules } = version;
  const content: ActionContent = {
    ...{ code, dependencies, secrets, runtime, supported_triggers },
    ...withModules(modules),
  };
  const added = addVersion(action, content);
  if (updateDraft) {
    action.draft = content;
    action.updated_at = nanosecondTimestamp();
    action.status = "built";
  }
  action.allChangesDeployed = JSON.stringify(action.draft) === JSON.stringify(content);
  return added;
}

function addVersion(action: ActionRecord, content: ActionContent): VersionRecord {
  const now = nanosecondTimestamp();
  const version: VersionRecord = {
    ...structuredClone(content),
    id: randomUUID(),
    number: action.nextNumber,
    created_at: now,
    updated_at: now,
    built_at: now,
  };
  action.nextNumber += 1;
  action.versions = [...action.versions, version].slice(-maxVersions);
  return version;
}

/** The longest that a build without dependencies may be thought pending without a request for it, in milliseconds. */
const plainBuildMs = 1000;

/**
 * Lets the draft's build go on. A real one was `built` at the first look after a POST, so looking (`seen`) finishes one
 * without dependencies; with dependencies it is `building` for `dependencyBuildMs`.
 */
export function advanceBuild(action: ActionRecord, dependencyBuildMs: number, seen: boolean): void {
  if (action.status === "built" || action.status === "failed") return;
  const now = Date.now();
  const elapsed = now - action.buildStartedAt;
  const needsModules = action.draft.dependencies.length > 0;
  const isDone = needsModules ? elapsed >= dependencyBuildMs : seen || elapsed >= plainBuildMs;
  const fails = action.buildFails === true || action.lacksDependency === true;
  if (isDone && now >= (action.buildHeldUntil ?? 0)) action.status = fails ? "failed" : "built";
  else if (seen) action.status = unfinishedStatus(action);
  deployWhereWanted(action);
}

function deployWhereWanted(action: ActionRecord): void {
  if (action.deploysWhenBuilt !== true || (action.status !== "built" && action.status !== "failed")) return;
  delete action.deploysWhenBuilt;
  if (action.status === "built") deployDraft(action);
}

/** A real build for which npm lacks a module went to and fro between these until it failed. */
function unfinishedStatus({ lacksDependency, status }: ActionRecord): BuildStatus {
  return lacksDependency === true && status === "building" ? "retrying" : "building";
}
