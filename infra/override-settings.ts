import { fallbackProblem, lengthProblem } from "./picture-settings.ts";
import { ConfigError, type KeyProblem } from "./config-error.ts";
import { configKeys, samlAttributeName } from "./config-keys.ts";
import { listOf, type Parser } from "./config-value.ts";
import { httpsPrefix, httpsUrl } from "./url-values.ts";
import type { PictureSettings } from "../policy/settings.ts";

const parsers: { readonly [K in keyof PictureSettings]-?: Parser<NonNullable<PictureSettings[K]>> } = {
  defaultUrl: httpsUrl,
  gravatar: configKeys.gravatar.parse,
  social: configKeys.social.parse,
  allowedHosts: configKeys.allowedHosts.parse,
  allowedPrefixes: listOf(httpsPrefix),
  maxLength: configKeys.maxLength.parse,
  samlAttribute: samlAttributeName,
};

/**
 * The settings with some of them replaced.
 *
 * @param source For the report: where the replacements come from.
 * @param overrides What a JSON file holds: an object with any of the settings.
 * @throws ConfigError naming every problem.
 */
export function overrideSettings(
  source: string,
  settings: PictureSettings,
  overrides: unknown,
): PictureSettings {
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides)) {
    const problem = {
      key: "the file",
      found: undefined,
      why: "is no JSON object",
      remedy: 'write {"gravatar": "never"}',
    };
    throw new ConfigError(source, [problem]);
  }
  const problems: KeyProblem[] = [];
  const replaced: Record<string, unknown> = {};
  for (const [key, found] of Object.entries(overrides)) {
    const read = readSetting(key, found);
    if ("why" in read) problems.push(read);
    else replaced[key] = read.value;
  }
  const result = { ...settings, ...replaced };
  const { defaultUrl, gravatar, maxLength } = result;
  const fallback = gravatar === "fallback" ? fallbackProblem(defaultUrl) : undefined;
  const found = [fallback, lengthProblem(defaultUrl, maxLength)];
  problems.push(...found.filter((problem) => problem !== undefined));
  if (problems.length > 0) throw new ConfigError(source, problems);
  return result;
}

function readSetting(key: string, found: unknown): KeyProblem | { value: unknown } {
  const text = typeof found === "string" ? found : JSON.stringify(found);
  if (!Object.hasOwn(parsers, key)) {
    const remedy = `the settings are ${Object.keys(parsers).join(", ")}`;
    return { key, found: text, why: "is no setting", remedy };
  }
  const parsed = parsers[key as keyof PictureSettings](text);
  return "value" in parsed ? parsed : { key, found: text, ...parsed.problem };
}
