/** A value that an Action may read as `event.secrets.<name>`. The API never gives the value back. */
export interface SecretRecord {
  name: string;
  value: string;
  updated_at: string;
}

export interface SupportedTrigger {
  id: string;
  version: string;
}

export interface Dependency {
  name: string;
  version: string;
}

/** What a version freezes and what a draft holds. */
export interface ActionContent {
  code: string;
  dependencies: Dependency[];
  secrets: SecretRecord[];
  runtime: string;
  supported_triggers: SupportedTrigger[];
}

export interface VersionRecord extends ActionContent {
  id: string;
  number: number;
  created_at: string;
  updated_at: string;
  built_at: string;
}

export type BuildStatus = "pending" | "building" | "retrying" | "built" | "failed";

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
  /** True while the deployed version is what the draft holds. */
  allChangesDeployed: boolean;
  /** Oldest first; the last is the deployed one. At most {@link maxVersions}. */
  versions: VersionRecord[];
  /** The number that the next deploy gets. */
  nextNumber: number;
}

/** Auth0 keeps this many versions of an Action and deletes the oldest. */
export const maxVersions = 50;

/** The version that logins run, where the Action was ever deployed. */
export function deployedVersion(action: ActionRecord): VersionRecord | undefined {
  return action.versions.at(-1);
}
