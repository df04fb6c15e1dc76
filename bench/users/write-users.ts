import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const linesAtOnce = 1000;

/** Writes an export's file of that many users. */
export async function writeUsers(file: string, users: number): Promise<void> {
  await pipeline(Readable.from(blocks(users)), createWriteStream(file));
}

function* blocks(users: number): Generator<string> {
  for (let first = 0; first < users; first += linesAtOnce) {
    const lines = Math.min(linesAtOnce, users - first);
    yield Array.from({ length: lines }, (_, index) => exportLine(first + index)).join("");
  }
}

const connections = ["auth0", "auth0", "auth0", "google-oauth2", "github"] as const;

/**
 * One line of an Auth0 user export, about 600 bytes: the user of that number, always the same. Of ten users about four
 * have a Gravatar, two the initials, two a social picture, and two set one of their own; a few removed it or are blocked.
 */
export function exportLine(number: number): string {
  const hash = createHash("md5").update(String(number)).digest("hex");
  const strategy = connections[number % connections.length] ?? "auth0";
  const id = hash.slice(0, 24);
  const name = `Person ${number}`;
  const email = `person.${number}@example.com`;
  const isSocial = strategy !== "auth0";
  const user = {
    user_id: `${strategy}|${id}`,
    email,
    email_verified: number % 7 !== 0,
    name,
    nickname: `person.${number}`,
    ...(isSocial ? { given_name: "Person", family_name: String(number) } : {}),
    picture: isSocial ? socialPicture(hash) : databasePicture(number, hash),
    created_at: "2024-03-01T09:30:00.000Z",
    updated_at: "2026-10-20T17:05:12.345Z",
    last_login: "2026-10-20T17:05:12.345Z",
    last_ip: "203.0.113.7",
    logins_count: number % 300,
    identities: [
      {
        user_id: id,
        provider: strategy,
        connection: isSocial ? strategy : "Username-Password-Authentication",
        isSocial,
      },
    ],
    user_metadata: metadataOf(number, hash),
    app_metadata: number % 97 === 0 ? { picture_blocked: true } : {},
  };
  return `${JSON.stringify(user)}\n`;
}

function socialPicture(hash: string): string {
  return `https://lh3.googleusercontent.com/a/${hash}=s96-c`;
}

function databasePicture(number: number, hash: string): string {
  const initials = "https://cdn.auth0.com/avatars/pe.png";
  if (number % 3 === 0) return initials;
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(initials)}`;
}

function metadataOf(number: number, hash: string): object {
  const other = { locale: "en", theme: "dark" };
  if (number % 5 === 1) return { ...other, picture: `https://img.example.com/users/${hash}.png` };
  return number % 50 === 2 ? { ...other, picture: "" } : other;
}
