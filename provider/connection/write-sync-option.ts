import { isDeepStrictEqual } from "node:util";
import { ApiError } from "../api-error.ts";
import type { ManagementApi } from "../management-api.ts";
import { ProviderError } from "../provider-error.ts";
import { connectionPath, readConnection, syncOption, type Connection, type Options } from "./connection.ts";

/** What stands for an option that is not there. */
export const unset = "unset";

const maxAttempts = 3;
/** Pauses before the looks at what was written, in milliseconds: an answer may come from a copy that is behind. */
const looksAfterMs = [0, 250, 500, 1000, 2000];

/** The connection's own value of the option, or {@link unset}. */
export function syncOptionOf({ options }: Connection): string {
  const value = options[syncOption];
  return typeof value === "string" ? value : unset;
}

/**
 * Sets the one option and leaves every other as it is. The API replaces all options at once, so they are read right
 * before the write and looked at after it. Nothing is written where the option has the value already.
 *
 * @param next The new value, made of the present one.
 * @returns the former value, or {@link unset}; undefined where the connection is gone.
 * @throws ProviderError `connection-changed-meanwhile` where other options are different ones after the write.
 */
export async function writeSyncOption(
  api: ManagementApi,
  id: string,
  next: (former: string) => string,
): Promise<string | undefined> {
  let before: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const connection = await readConnection(api, id);
    if (connection === undefined) return undefined;
    const present = syncOptionOf(connection);
    // A second look may see our own write.
    before ??= present;
    const value = next(before);
    if (value === present) return before;
    const options = withSyncOption(connection.options, value);
    try {
      await api.patch(connectionPath(id), { options });
      await verify(api, connection, options);
      return before;
    } catch (error) {
      // Whether it was done shows at the next look.
      if (!(error instanceof ApiError && error.isUncertain) || attempt === maxAttempts) throw error;
    }
  }
}

function withSyncOption(options: Options, value: string): Options {
  const { [syncOption]: _former, ...others } = options;
  return value === unset ? others : { ...others, [syncOption]: value };
}

async function verify(api: ManagementApi, { id, name }: Connection, wanted: Options): Promise<void> {
  let different: string[] = [];
  for (const pauseMs of looksAfterMs) {
    await api.pause(pauseMs);
    const found = (await readConnection(api, id))?.options ?? {};
    const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
    different = [...keys].filter((key) => !isDeepStrictEqual(found[key], wanted[key]));
    if (different.length === 0) return;
  }
  throw new ProviderError(
    "connection-changed-meanwhile",
    `Connection ${name} is not as it was written: these options differ (values are never shown): ${different.sort().join(", ")}. ` +
      "Somebody else changed it at the same time, or Auth0 did. Look at it in the dashboard, then run it again.",
  );
}
