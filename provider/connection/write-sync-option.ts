import { isDeepStrictEqual } from "node:util";
import type { ManagementApi } from "../management-api.ts";
import { ProviderError } from "../provider-error.ts";
import { writeRetries } from "../write-retries.ts";
import { connectionPath, readConnection, syncOption, type Connection, type Options } from "./connection.ts";

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
  readonly doubt?: ProviderError;
}

/**
 * Sets the one option and leaves every other as it is. The API replaces all options at once, so they are read right
 * before the write and looked at after it. Nothing is written where the option has the value already.
 *
 * @param next The new value, made of the present one.
 * @returns undefined where the connection is gone.
 * @throws ApiError or ProviderError only where the tenant did not say that it took the write.
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
    // A second look may see our own write; what differs from it is somebody else's choice.
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
): Promise<{ readonly doubt?: ProviderError }> {
  try {
    const different = await differingOptions(api, connection.id, wanted);
    return different.length === 0 ? {} : { doubt: changedMeanwhile(connection.name, different) };
  } catch (error) {
    if (error instanceof ProviderError) return { doubt: error };
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

function changedMeanwhile(name: string, different: readonly string[]): ProviderError {
  return new ProviderError(
    "connection-changed-meanwhile",
    `Connection ${name} is not as it was written: these options differ (values are never shown): ${different.toSorted().join(", ")}. ` +
      "Somebody else changed it at the same time, or Auth0 did. Look at it in the dashboard, then run it again.",
  );
}
