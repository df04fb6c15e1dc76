import { ExpectedError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import type { DiscourseAnswer, SendToDiscourse } from "./send-to-discourse.ts";

/** A site setting as text, `true` and `false` for a switch; undefined where the key may not read it or there is none. */
export type ReadSiteSetting = (name: string) => Promise<string | undefined>;

/**
 * Reads site settings: from those that browsers get, else from the list for administrators; each once. A granular key
 * may lack both; that is not an error.
 *
 * The functions throw ExpectedError `discourse-unreachable`, `discourse-redirects` or `discourse-rate-limited`.
 */
export function siteSettings(send: SendToDiscourse): ReadSiteSetting {
  let forBrowsers: Promise<DiscourseAnswer | undefined> | undefined;
  const known = new Map<string, Promise<string | undefined>>();
  const read = async (name: string): Promise<string | undefined> => {
    const value = readPath((await (forBrowsers ??= ask(send, "/site/settings.json")))?.body, name);
    return asText(value) ?? readForAdministrators(send, name);
  };
  return (name) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
}

async function readForAdministrators(send: SendToDiscourse, name: string): Promise<string | undefined> {
  const filter = new URLSearchParams({ filter: name }).toString();
  const all = readPath((await ask(send, `/admin/site_settings.json?${filter}`))?.body, "site_settings");
  const list: unknown[] = Array.isArray(all) ? all : [];
  return asText(
    readPath(
      list.find((one) => readPath(one, "setting") === name),
      "value",
    ),
  );
}

function asText(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
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

/** A switch, or `unknown` where the key may not read it. */
export type Switch = "on" | "off" | "unknown";

export async function readSwitch(read: ReadSiteSetting, name: string): Promise<Switch> {
  const text = await read(name);
  if (text === "true") return "on";
  return text === "false" ? "off" : "unknown";
}
