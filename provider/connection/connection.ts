import { ApiError } from "../api-error.ts";
import type { ManagementApi } from "../management-api.ts";
import { ProviderError } from "../provider-error.ts";

export type Options = Readonly<Record<string, unknown>>;

/** The option that says when a login overwrites root attributes, the picture among them, from the upstream provider. */
export const syncOption = "set_user_root_attributes";

/** A connection whose options can be written without losing any. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly options: Options;
}

export function connectionPath(id: string): string {
  return `/connections/${encodeURIComponent(id)}`;
}

/** @throws ProviderError `connection-missing` and those of {@link readConnection}. */
export async function findConnection(api: ManagementApi, name: string): Promise<Connection> {
  const answer = await api.get(`/connections?name=${encodeURIComponent(name)}&take=50`);
  // With `take` the list comes in an envelope.
  const list = Array.isArray(answer)
    ? (answer as unknown[])
    : (answer as { connections?: unknown }).connections;
  const found = (Array.isArray(list) ? list : []).find(
    (candidate: unknown) => (candidate as { name?: unknown } | null)?.name === name,
  ) as unknown;
  if (found !== undefined) return writable(found);
  throw new ProviderError(
    "connection-missing",
    `The tenant has no connection ${name} (config key connections). Correct the name, or take it out of the list.`,
  );
}

/**
 * @returns undefined where it is gone.
 * @throws ApiError; ProviderError `connection-options-hidden`, `connection-passwordless` or `connection-configuration`.
 */
export async function readConnection(api: ManagementApi, id: string): Promise<Connection | undefined> {
  try {
    return writable(await api.get(connectionPath(id)));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function writable(value: unknown): Connection {
  const { id, name, strategy, options } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || typeof name !== "string") {
    throw new ProviderError(
      "auth0-answer-unexpected",
      "The tenant's answer about a connection is not of the known form.",
    );
  }
  if (strategy === "email" || strategy === "sms") {
    throw new ProviderError(
      "connection-passwordless",
      `Connection ${name} is passwordless: it has no upstream profile, so there is nothing to sync. Take it out of config key connections.`,
    );
  }
  if (!isFilled(options)) {
    throw new ProviderError(
      "connection-options-hidden",
      `The tenant gives no options of connection ${name}: to write them back would erase the connection. ` +
        "Grant read:connections_options (and update:connections_options) to the application that deploys.",
    );
  }
  // [unknown] Whether Auth0 takes these values back as it gives them: encrypted. Chosen: not to try.
  if (isFilled(options["configuration"])) {
    throw new ProviderError(
      "connection-configuration",
      `Connection ${name} has a custom database's configuration, whose values the tenant gives encrypted only: to write them ` +
        "back may destroy them. Set it in the dashboard, and take the connection out of config key connections.",
    );
  }
  return { id, name, options };
}

function isFilled(value: unknown): value is Options {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
