import { readFileSync } from "node:fs";
import { Agent, fetch, type Response } from "undici";
import { ExpectedError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";

/** An Action's place in the Login flow. */
export interface BoundAction {
  readonly name: string;
  /** Of the version that logins run. */
  readonly version: number;
  readonly runtime: string;
  /** When that version was made; an ISO time. */
  readonly deployedAt: string;
}

/** The page as a client of the tenant's Management API. */
export interface ManagementClient {
  /** The Actions of the post-login trigger, in the order in which they run. Rejects with a PageError. */
  readonly boundActions: () => Promise<readonly BoundAction[]>;
  /** Rejects with a PageError that has the tenant's own words. */
  readonly changeUser: (userId: string, change: UserChange) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Asks for a token of the tenant's Management API by a `fetch` that trusts the tenant. */
export type AccessToken = (send: (url: string, init: object) => Promise<Response>) => Promise<string>;

export function createManagementClient(
  { issuer }: Pick<Tenant, "issuer">,
  { caFile, accessToken }: { readonly caFile: string; readonly accessToken: AccessToken },
): ManagementClient {
  const agent = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  const trusting = (url: string, init: object) => fetch(url, { ...init, dispatcher: agent });
  const send = async (method: string, path: string, token: string, body?: object): Promise<unknown> => {
    const response = await trusting(new URL(path, issuer).href, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(textAt(answer, "message"));
    return answer;
  };
  // A token for each call: at a person's pace that costs nothing, and none is ever too old.
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    try {
      return await send(method, `/api/v2${path}`, await accessToken(trusting), body);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PageError("management-api", `The tenant refused it: ${why}`, { cause });
    }
  };
  return {
    boundActions: async () => {
      const answer = await call("GET", "/actions/triggers/post-login/bindings?per_page=100");
      const bindings = readPath(answer, "bindings");
      return Array.isArray(bindings) ? bindings.map(boundAction) : [];
    },
    changeUser: async (userId, change) => {
      await call("PATCH", `/users/${encodeURIComponent(userId)}`, change);
    },
    close: () => agent.close(),
  };
}

function boundAction(binding: unknown): BoundAction {
  const version = readPath(binding, "action", "deployed_version");
  return {
    name: textAt(binding, "action", "name"),
    version: Number(readPath(version, "number")),
    runtime: textAt(version, "runtime"),
    deployedAt: textAt(version, "created_at"),
  };
}

function textAt(from: unknown, ...path: readonly string[]): string {
  const value = readPath(from, ...path);
  return typeof value === "string" ? value : "";
}

/** The body of a PATCH of a user; its metadata is merged, and null takes a key away. */
interface UserChange {
  readonly user_metadata?: { readonly picture: string | null };
  readonly app_metadata?: { readonly picture_blocked: true | null };
}

/** What each button of a user's card changes, named as the commands; `set` is the only one with a picture. */
const changes = new Map<string, (picture: string) => UserChange>([
  ["set", (picture) => ({ user_metadata: { picture } })],
  ["clear", () => ({ user_metadata: { picture: "" } })],
  ["use-original", () => ({ user_metadata: { picture: null } })],
  ["block", () => ({ app_metadata: { picture_blocked: true } })],
  ["unblock", () => ({ app_metadata: { picture_blocked: null } })],
]);

/** For a form that the page does not have. */
export const noSuchButton = "The page has no such button. Reload it.";

/**
 * What the button named `change` does to its user.
 *
 * @param picture The address that was typed; the policy decides at the next login whether it is a valid one.
 * @throws PageError `unknown-change`.
 */
export function userChange(change: string | undefined, picture: string | undefined): UserChange {
  const changed = changes.get(change ?? "");
  if (changed === undefined) {
    throw new PageError("unknown-change", noSuchButton);
  }
  return changed((picture ?? "").trim());
}

/**
 * `management-api`: the tenant's Management API refused or did not answer; `unknown-change`: a form that the page does
 * not have.
 */
type PageErrorCode = "management-api" | "unknown-change";

/** What the person at the page is told in the place of what they asked for. */
export class PageError extends ExpectedError {
  declare readonly code: PageErrorCode;

  constructor(code: PageErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "PageError";
  }
}
