import { LoginError } from "./login-error.ts";

/** Who logs in: by the page's shortcut button, or with email and password. */
export type Person = { userId: string } | { username: string; password: string };

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
  for (const { action, content } of forms) {
    for (const [, attributes = ""] of content.matchAll(/<button\b([^>]*)>/g)) {
      const name = attributeOf(attributes, "name");
      const value = attributeOf(attributes, "value");
      if (name !== undefined && value === person.userId) return { action, fields: { [name]: value } };
    }
  }
  throw new LoginError("no-such-user", `The login page has no button for the user ${person.userId}.`);
}

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return value?.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
