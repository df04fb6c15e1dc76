import { isDeepStrictEqual } from "node:util";
import { ExpectedError } from "../../../lib/errors.ts";
import { ApiError } from "../errors.ts";
import { writeRetries, type ManagementApi } from "../management-api.ts";

type Options = Readonly<Record<string, unknown>>;

/** The option that says when a login overwrites root attributes, the picture among them, from the upstream provider. */
export const syncOption = "set_user_root_attributes";

/** A connection whose options can be written without losing any. */
interface Connection {
  readonly id: string;
  readonly name: string;
  readonly options: Options;
}

function connectionPath(id: string): string {
  return `/connections/${encodeURIComponent(id)}`;
}

/** @throws ExpectedError `connection-missing` and those of {@link readConnection}. */
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
  throw new ExpectedError(
    "connection-missing",
    `The tenant has no connection ${name} (config key connections). Correct the name, or remove it from the list.`,
  );
}

/**
 * @returns undefined where it is gone.
 * @throws ApiError; ExpectedError `connection-options-hidden`, `connection-passwordless` or `connection-configuration`.
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
    throw new ExpectedError(
      "auth0-answer-unexpected",
      "The tenant's answer about a connection does not have the expected form.",
    );
  }
  if (strategy === "email" || strategy === "sms") {
    throw new ExpectedError(
      "connection-passwordless",
      `Connection ${name} is passwordless: it has no upstream profile, so there is nothing to sync. Remove it from config key connections.`,
    );
  }
  if (!isFilled(options)) {
    throw new ExpectedError(
      "connection-options-hidden",
      `The tenant returns no options of connection ${name}: writing them back would erase its settings. ` +
        "Grant read:connections_options (and update:connections_options) to the deploying application.",
    );
  }
  // [unknown] Whether Auth0 takes these values back as it gives them: encrypted. Chosen: not to try.
  if (isFilled(options["configuration"])) {
    throw new ExpectedError(
      "connection-configuration",
      `Connection ${name} has a custom database's configuration, whose values the tenant returns only encrypted: writing them ` +
        "back may destroy them. Set it in the dashboard, and remove the connection from config key connections.",
    );
  }
  return { id, name, options };
}

function isFilled(value: unknown): value is Options {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** What stands for an option that is not there. */
export const unset = "unset";

/** Pauses before the looks at what was written, in milliseconds: an answer may come from a copy that is behind. */
const looksAfterMs = [0, 250, 500, 1000, 2000];

/** The connection's own value of the option, or {@link unset}. */
export function syncOptionOf({ options }: Connection): string {
  const value = options[syncOption];
  return typeof value === "string" ? value : unset;
}

export interface SyncOptionWrite {
  /** The value before, or {@link unset}. */
  readonly former: string;
  /** False where the option had the value already, so that nothing was sent. */
  readonly isWritten: boolean;
  /**
   * Why the connection may not be as it was written: `connection-changed-meanwhile` where other options are different
   * ones after the write, or what stopped the look at them.
   */
  readonly problem?: ExpectedError;
}

/**
 * Sets the one option and leaves every other as it is. The API replaces all options at once, so they are read right
 * before the write and looked at after it. Nothing is written where the option has the value already.
 *
 * @param next The new value, made of the present one.
 * @returns undefined where the connection is gone.
 * @throws ApiError or ExpectedError only where the tenant did not say that it took the write.
 */
export async function writeSyncOption(
  api: ManagementApi,
  id: string,
  next: (former: string) => string,
): Promise<SyncOptionWrite | undefined> {
  let sent: { readonly former: string; readonly value: string } | undefined;
  const untilRetry = writeRetries(api);
  for (;;) {
    const connection = await readConnection(api, id);
    if (connection === undefined) return undefined;
    const present = syncOptionOf(connection);
    // A second look may see our own write; what differs from it was chosen elsewhere.
    const former = sent?.value === present ? sent.former : present;
    const value = next(former);
    if (value === present) return { former, isWritten: sent?.value === present };
    const options = withSyncOption(connection.options, value);
    sent = { former, value };
    try {
      await api.patch(connectionPath(id), { options });
    } catch (error) {
      // Whether it was done, and what others did meanwhile, shows at the next look.
      await untilRetry(error);
      continue;
    }
    return { former, isWritten: true, ...(await verify(api, connection, options)) };
  }
}

function withSyncOption(options: Options, value: string): Options {
  const { [syncOption]: _former, ...others } = options;
  return value === unset ? others : { ...others, [syncOption]: value };
}

async function verify(
  api: ManagementApi,
  connection: Connection,
  wanted: Options,
): Promise<{ readonly problem?: ExpectedError }> {
  try {
    const different = await differingOptions(api, connection.id, wanted);
    return different.length === 0 ? {} : { problem: changedMeanwhile(connection.name, different) };
  } catch (error) {
    if (error instanceof ExpectedError) return { problem: error };
    throw error;
  }
}

async function differingOptions(api: ManagementApi, id: string, wanted: Options): Promise<string[]> {
  let different: string[] = [];
  for (const pauseMs of looksAfterMs) {
    await api.pause(pauseMs);
    const found = (await readConnection(api, id))?.options ?? {};
    const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
    different = [...keys].filter((key) => !isDeepStrictEqual(found[key], wanted[key]));
    if (different.length === 0) break;
  }
  return different;
}

function changedMeanwhile(name: string, different: readonly string[]): ExpectedError {
  return new ExpectedError(
    "connection-changed-meanwhile",
    `Connection ${name} is not as it was written: these options differ (values are never shown): ${different.toSorted().join(", ")}. ` +
      "It was changed at the same time, or Auth0 changed it. Check it in the dashboard, then run this again.",
  );
}
