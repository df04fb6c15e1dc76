import { ExpectedError } from "../../infra/expected-error.ts";
import { readPath } from "../../policy/login.ts";
import type { DiscourseAnswer, SendToDiscourse } from "./send-to-discourse.ts";

/** `discourse_connect_overrides_avatar`, or `unknown` where the key may not read it. */
export type AvatarOverride = "on" | "off" | "unknown";

const settingName = "discourse_connect_overrides_avatar";

/**
 * Reads the site setting: from the settings that browsers get, else from the list for administrators. A granular key
 * may lack both; that is no error, since the avatar is looked at in any case.
 *
 * @throws ExpectedError `discourse-unreachable`, `discourse-redirects` or `discourse-rate-limited`.
 */
export async function readAvatarOverride(send: SendToDiscourse): Promise<AvatarOverride> {
  const forBrowsers = await ask(send, "/site/settings.json");
  const value = readPath(forBrowsers?.body, settingName);
  if (typeof value === "boolean") return value ? "on" : "off";
  const filter = new URLSearchParams({ filter: settingName }).toString();
  const all = readPath((await ask(send, `/admin/site_settings.json?${filter}`))?.body, "site_settings");
  const list: unknown[] = Array.isArray(all) ? all : [];
  const found = list.find((one) => readPath(one, "setting") === settingName);
  const text = String(readPath(found, "value"));
  if (text === "true") return "on";
  return text === "false" ? "off" : "unknown";
}

async function ask(send: SendToDiscourse, path: string): Promise<DiscourseAnswer | undefined> {
  try {
    const answer = await send({ method: "GET", path, purpose: "read the site settings" });
    return answer.status === 200 ? answer : undefined;
  } catch (error) {
    const isHarmless =
      error instanceof ExpectedError && ["discourse-key-refused", "discourse-error"].includes(error.code);
    if (isHarmless) return undefined;
    throw error;
  }
}
