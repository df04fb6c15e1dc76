import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";

/** How many are written at once. */
const block = 1000;

/** Writes an export of so many users, some 600 bytes each; the same for the same number. */
export async function writeUsers(file: string, count: number): Promise<void> {
  const output = createWriteStream(file);
  for (let first = 0; first < count; first += block) {
    const length = Math.min(block, count - first);
    const text = Array.from({ length }, (_, index) => `${JSON.stringify(userNumber(first + index))}\n`).join(
      "",
    );
    if (!output.write(text)) await once(output, "drain");
  }
  output.end();
  await finished(output);
}

/** Of 100: 20 social, 60 with a Gravatar, 12 with Auth0's initials, 8 with a picture of their own, one of them blocked. */
function userNumber(index: number): object {
  const id = index.toString(16).padStart(24, "5f7c8ec7c33c6c004bbafe82");
  const kind = Math.imul(index, 0x9e3779b1) >>> 0;
  const share = kind % 100;
  const isSocial = share < 20;
  const connection = isSocial ? "google-oauth2" : `staff-${kind % 7}`;
  const provider = isSocial ? "google-oauth2" : "auth0";
  const own = share >= 92 ? { picture: `https://img.acme.com/users/${id}.png` } : {};
  const blocked = share === 99 ? { picture_blocked: true } : {};
  return {
    user_id: `${provider}|${id}`,
    email_verified: true,
    name: `Person ${index}`,
    nickname: `person.${index}`,
    picture: rootPicture(share, id),
    created_at: "2024-01-31T09:26:53.589Z",
    updated_at: "2026-11-01T17:32:11.001Z",
    identities: [{ user_id: id, provider, connection, isSocial }],
    user_metadata: { locale: "en-GB", theme: "dark", ...own },
    app_metadata: { plan: "professional", organization: `org_${kind % 997}`, ...blocked },
  };
}

function rootPicture(share: number, id: string): string {
  if (share < 20) return `https://lh3.googleusercontent.com/a/ACg8ocK${id}=s96-c`;
  const placeholder = "https://cdn.auth0.com/avatars/pe.png";
  if (share < 32) return placeholder;
  return `https://s.gravatar.com/avatar/${id}c08d50aa?s=480&r=pg&d=${encodeURIComponent(placeholder)}`;
}
