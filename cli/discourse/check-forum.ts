import { ExpectedError } from "../../lib/errors.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import { exitCode, type CommandReport } from "../command.ts";
import type { Discourse } from "./discourse.ts";
import { enabledProviders, type SignInWay } from "./sign-in-way.ts";

/** Something of the forum, or of our settings for it, that keeps a command from working. */
export interface ForumFault {
  /** The site setting, or ours. */
  readonly setting: string;
  /** As it is; null where it is not set or the key may not read it. */
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

/** Reads the forum's settings, and lists what is missing; nothing is written there. */
export async function checkForum(discourse: Discourse): Promise<CommandReport> {
  const { url } = discourse.settings;
  const found = await findForumFaults(discourse);
  const { way, faults } = found;
  const lines = faults.flatMap(({ setting, value, problem, remedy }) => [
    `${setting}${value === null ? "" : ` = ${value}`}: ${problem}`,
    `  ${remedy}`,
  ]);
  const name = way === undefined ? "unknown" : way.kind === "connect" ? "DiscourseConnect" : way.provider;
  return {
    exitCode: faults.length === 0 ? exitCode.done : exitCode.found,
    text: terminalLines([
      `${url} signs users in by: ${name}`,
      ...(lines.length === 0 ? ["Nothing is missing, as far as settings show."] : lines),
    ]),
    json: {
      url,
      signIn: way?.kind ?? null,
      provider: way?.kind === "provider" ? way.provider : null,
      faults,
    },
  };
}

/**
 * What is missing; the way is undefined where not even that is clear.
 *
 * @throws ExpectedError `discourse-unreachable`, `discourse-redirects` or `discourse-rate-limited`.
 */
export async function findForumFaults(
  discourse: Discourse,
): Promise<{ readonly way: SignInWay | undefined; readonly faults: readonly ForumFault[] }> {
  const key = await keyFaults(discourse);
  let way: SignInWay;
  try {
    way = await discourse.signInWay();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { way: undefined, faults: [...key, await unclearWay(discourse, error)] };
  }
  const rules = way.kind === "connect" ? connectRules : providerRules(discourse, way.provider);
  const faults = [...key];
  for (const rule of [...rules, ...pictureRules]) {
    const value = await discourse.siteSetting(rule.setting);
    // One that cannot be read is told once, as the key's.
    if (value !== undefined && !rule.isRight(value)) faults.push(faultOf(rule, value));
  }
  if (way.kind === "provider") faults.push(...(await providerOff(discourse, way.provider)));
  return { way, faults };
}

/** A site setting, and what it must be. */
interface Rule {
  readonly setting: string;
  readonly isRight: (value: string) => boolean;
  readonly problem: string;
  readonly remedy: string;
}

function faultOf({ setting, problem, remedy }: Rule, value: string | null): ForumFault {
  return { setting, value, problem, remedy };
}

const isOn = (value: string) => value === "true";
const isOff = (value: string) => value === "false";

const connectRules: readonly Rule[] = [
  {
    setting: "discourse_connect_overrides_avatar",
    isRight: isOn,
    problem: "the user's own choice (for example a Gravatar) takes precedence over the picture.",
    remedy: "Turn it on.",
  },
];

function providerRules({ settings }: Discourse, provider: string): readonly Rule[] {
  const rules: readonly Rule[] = [
    {
      setting: "auth_overrides_avatar",
      isRight: isOff,
      problem: "nobody may pick an avatar, so a change shows at the user's next login there only.",
      remedy: "Turn it off to change avatars at once. Then logins replace no avatar that was picked.",
    },
    {
      setting: "discourse_connect_overrides_avatar",
      isRight: isOff,
      problem: "nobody may pick an avatar, although DiscourseConnect is off.",
      remedy: "Turn it off.",
    },
    {
      setting: "uploaded_avatars_allowed_groups",
      isRight: (value) => ["0", "10"].some((group) => value.split("|").includes(group)),
      problem: "accounts outside these groups cannot have an uploaded avatar.",
      remedy: "Add the group everyone or trust_level_0.",
    },
  ];
  // The other plugin takes the id from `sub` always.
  if (provider !== "oauth2_basic") return rules;
  return [
    ...rules,
    {
      setting: "oauth2_json_user_id_path",
      isRight: (value) => value === "sub" || settings.externalId({ user_id: "x" }) !== "x",
      problem: "logins know accounts by another id than the Auth0 user id.",
      remedy:
        "Set it to sub, or DISCOURSE_EXTERNAL_ID (or discourse:externalId) to where that id is in app_metadata.",
    },
  ];
}

/** Types that pictures have. */
const types = ["png", "jpg", "jpeg", "webp", "gif"];

const pictureRules: readonly Rule[] = [
  {
    setting: "authorized_extensions",
    isRight: (value) => value.includes("*") || types.every((type) => value.split("|").includes(type)),
    problem: "the forum refuses pictures of some types.",
    remedy: `Add what is missing of ${types.join(", ")}.`,
  },
  {
    setting: "max_image_size_kb",
    isRight: (value) => Number(value) >= 1024,
    problem: "the forum refuses larger pictures.",
    remedy: "Set it to 1024 or more.",
  },
  {
    setting: "automatically_download_gravatars",
    isRight: isOff,
    problem: "the forum may fetch a Gravatar for an account whose avatar was cleared.",
    remedy: "Turn it off.",
  },
];

/** What the key may not do. Picking avatars is tried at no account: there is no scope for it. */
async function keyFaults({ send, settings }: Discourse): Promise<ForumFault[]> {
  const setting = "DISCOURSE_API_KEY";
  try {
    const request = { method: "GET", path: "/admin/site_settings.json?filter=title" } as const;
    const { status } = await send({ ...request, purpose: "read the site settings" });
    if (status === 200) return [];
    const problem = `its user ${settings.apiUsername} is not an administrator, or ${settings.url} is no forum (status ${status}).`;
    return [
      {
        setting,
        value: null,
        problem,
        remedy: "Create the key for an administrator, or correct DISCOURSE_URL.",
      },
    ];
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.code !== "discourse-key-refused") throw error;
    const problem = "it is wrong or revoked, or a granular one that cannot read all site settings.";
    const remedy =
      "With DiscourseConnect the scopes users: show and users: sync sso are enough, and this check wants global: read. Without, only a " +
      "key without limits can pick avatars.";
    return [{ setting, value: null, problem, remedy }];
  }
}

const remedies: Readonly<Partial<Record<string, readonly [setting: string, remedy: string]>>> = {
  "discourse-settings-missing": [
    "DISCOURSE_CONNECT_SECRET",
    "Set it (or discourse:connectSecret) to the site setting discourse_connect_secret.",
  ],
  "discourse-connect-off": [
    "enable_discourse_connect",
    "Turn it on, or openid_connect_enabled or oauth2_enabled, whichever signs users in with Auth0.",
  ],
  "discourse-provider-unclear": [
    "DISCOURSE_PROVIDER",
    "Set it (or discourse:provider) to the method that stands for Auth0.",
  ],
};

async function unclearWay({ siteSetting }: Discourse, error: ExpectedError): Promise<ForumFault> {
  const known = remedies[error.code];
  if (known === undefined) throw error;
  const [setting, remedy] = known;
  const value = setting.startsWith("DISCOURSE_") ? null : ((await siteSetting(setting)) ?? null);
  return { setting, value, problem: error.message, remedy };
}

async function providerOff({ siteSetting }: Discourse, provider: string): Promise<ForumFault[]> {
  const enabled = await enabledProviders(siteSetting);
  if (enabled.length === 0 || enabled.includes(provider)) return [];
  const problem = `the forum has no such login method on; it has ${enabled.join(", ")}.`;
  const remedy = `Set DISCOURSE_PROVIDER (or discourse:provider) to ${enabled.join(" or ")}, or turn ${provider} on.`;
  return [{ setting: "DISCOURSE_PROVIDER", value: provider, problem, remedy }];
}
