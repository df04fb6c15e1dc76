/** What a capability lets the picture commands do, and the least scopes that suffice for it. */
export interface Capability {
  /** For people: what it is for; completes "A client with this capability …". */
  readonly purpose: string;
  /** The `pictures` commands that need it. */
  readonly commands: readonly string[];
  readonly scopes: readonly ManagementScope[];
}

/** The Management API's scopes that any capability needs; Auth0 has no wildcards, and neither has this list. */
export type ManagementScope =
  | "create:actions"
  | "read:actions"
  | "update:actions"
  | "delete:actions"
  | "read:clients"
  | "read:client_credentials"
  | "read:client_grants"
  | "read:connections"
  | "read:connections_options"
  | "create:users"
  | "read:users"
  | "update:users"
  | "update:users_app_metadata"
  | "delete:sessions"
  | "delete:refresh_tokens";

/**
 * The capabilities of the client that the stack creates, by the name that config key `capabilities` takes. Scopes are
 * those that Auth0's API reference names for the routes that the commands use.
 */
export const capabilities = {
  show: {
    purpose: "reads users: their picture and why it is shown",
    commands: ["show", "history", "audit", "discourse"],
    scopes: ["read:users"],
  },
  change: {
    purpose: "changes a user's picture in user_metadata or at the root",
    commands: ["set", "clear", "use-original", "gravatar", "set-root", "undo", "forget"],
    scopes: ["read:users", "update:users"],
  },
  block: {
    purpose: "blocks a user's picture in app_metadata, and cannot change anything else of a user",
    commands: ["block", "unblock"],
    scopes: ["read:users", "update:users_app_metadata"],
  },
  "sign-out": {
    purpose: "ends a user's sessions and refresh tokens at Auth0, on Enterprise plans",
    commands: ["block"],
    scopes: ["delete:sessions", "delete:refresh_tokens"],
  },
  bulk: {
    purpose: "changes many users' pictures from a file, through import jobs, which could also create users",
    commands: ["apply"],
    scopes: ["read:users", "update:users", "create:users", "read:connections"],
  },
  mirror: {
    purpose: "copies providers' pictures and notes the copies in app_metadata",
    commands: ["mirror"],
    scopes: ["read:users", "update:users_app_metadata"],
  },
  connections: {
    purpose: "tells whether a connection overwrites the root picture at each login",
    commands: ["show", "set-root"],
    scopes: ["read:connections", "read:connections_options"],
  },
  versions: {
    purpose: "lists the versions of the Actions",
    commands: ["versions"],
    scopes: ["read:actions"],
  },
  drift: {
    purpose: "compares the tenant with the program",
    commands: ["drift", "doctor"],
    scopes: ["read:actions", "read:clients", "read:client_grants"],
  },
  impact: {
    purpose: "runs the Actions for every user, to see whose picture a deployment changes",
    commands: ["impact"],
    scopes: ["read:actions", "read:users"],
  },
  rollback: {
    purpose: "deploys another version of an Action",
    commands: ["rollback", "redeploy"],
    // Deploying a version asks for the scope to create by the documentation, and for the one to update by other public texts.
    scopes: ["read:actions", "create:actions", "update:actions"],
  },
  try: {
    purpose: "runs an Action's code in the tenant, in a temporary Action that is not bound",
    commands: ["try"],
    scopes: ["read:users", "read:actions", "create:actions", "delete:actions"],
  },
} as const satisfies Record<string, Capability>;

export type CapabilityName = keyof typeof capabilities;

export const capabilityNames = Object.keys(capabilities) as CapabilityName[];

/** The scopes that these capabilities need together: each once, in alphabetical order. */
export function scopesOf(names: readonly CapabilityName[]): ManagementScope[] {
  const scopes = names.flatMap((name): readonly ManagementScope[] => capabilities[name].scopes);
  return [...new Set(scopes)].sort();
}
