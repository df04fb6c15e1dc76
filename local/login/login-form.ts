import { LoginError } from "./login-error.ts";

/**
 * Who logs in: by a shortcut button of the page, or with email and password. `identity` is the id of one of the user's
 * identities, such as `google-oauth2|123`; left out, it is the primary one, or else the first that the page offers.
 */
export type Person = { userId: string; identity?: string } | { username: string; password: string };

export interface FilledForm {
  action: string;
  fields: Record<string, string>;
}

/** Fills in the tenant's login page like a person without JavaScript. LoginError `no-such-user` where it has no button. */
export function filledLoginForm(html: string, person: Person): FilledForm {
  const forms = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(
    ([, attributes = "", content = ""]) => ({
      action: attributeOf(attributes, "action") ?? "",
      content,
    }),
  );
  if ("password" in person) {
    const form = forms.find(({ content }) => content.includes('type="password"'));
    if (!form) throw new LoginError("unexpected-answer", "The login page asks for no password.");
    return { action: form.action, fields: { username: person.username, password: person.password } };
  }
  const { userId, identity } = person;
  const ofUser = forms
    .map(({ action, content }) => ({ action, fields: shortcutFields(content) }))
    .filter(({ fields }) => fields["user_id"] === userId);
  // A form without an identity is for a user who has one only, whose id is the user's.
  const ofIdentity = (id: string) => ofUser.find(({ fields }) => (fields["identity"] ?? userId) === id);
  const form = ofIdentity(identity ?? userId) ?? (identity === undefined ? ofUser[0] : undefined);
  if (form) return form;
  const by = identity === undefined ? "" : ` by ${identity}`;
  throw new LoginError("no-such-user", `The login page has no button for the user ${userId}${by}.`);
}

/** What the form of one shortcut sends: its hidden fields, and its button. */
function shortcutFields(content: string): Record<string, string> {
  const fields = [...content.matchAll(/<(?:input|button)\b([^>]*)>/g)].flatMap(([, attributes = ""]) => {
    const name = attributeOf(attributes, "name");
    const value = attributeOf(attributes, "value");
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(fields);
}

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return value?.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
