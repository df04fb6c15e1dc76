import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runAudit } from "../cli/audit/run-audit.ts";

/** Users of an invented tenant; their pictures by the weight that each kind has. */
const kinds: readonly (readonly [weight: number, profile: (n: number) => object])[] = [
  [57, (n) => ({ picture: `https://s.gravatar.com/avatar/${String(n).padStart(32, "0")}?s=480` })],
  [22, (n) => ({ picture: `https://lh3.googleusercontent.com/a/${n}` })],
  [9, (n) => own(`https://acme-dev-user-pictures.s3.eu-central-1.amazonaws.com/users/${n}/1.png`)],
  [5, (n) => own(`https://pictures.acme.com/${n}.jpg`)],
  [2, (n) => own(`https://i.imgur.com/${n}.jpg`)],
  [1, (n) => own(`https://intranet.local/people/${n}.jpg`)],
  [1, (n) => ({ picture: `http://id.acme.com/photos/${n}.jpg`, identities: directory })],
  [1, (n) => own(`http://old.acme.com/pictures/${n}.jpg`)],
  [1, () => own("")],
  [1, (n) => ({ app_metadata: { picture_blocked: true, picture_block: block(n) } })],
];

/** What a provider gives is shown as it is; a database user's own root picture must be a valid one. */
const directory = [{ provider: "samlp", connection: "acme-directory", user_id: "1" }];

/** An audit's page about some thousand invented users. @returns its file, in `folder`. */
export async function sampleAudit(folder: string): Promise<string> {
  const all = kinds.flatMap(([weight, profile]) => Array.from({ length: weight }, () => profile));
  const lines = Array.from({ length: 5000 }, (_, n) => {
    const user = {
      user_id: `auth0|${String(n).padStart(24, "0")}`,
      picture: "https://cdn.auth0.com/avatars/ab.png",
    };
    // Any step that has no factor in common with 100 mixes the kinds.
    return JSON.stringify({ ...user, ...all[(n * 37) % all.length]?.(n) });
  });
  const users = join(folder, "users.ndjson");
  const page = join(folder, "audit.html");
  writeFileSync(users, lines.join("\n"));
  await runAudit({ stack: "dev", users, html: page }, {});
  return page;
}

function own(picture: string): object {
  return { user_metadata: { picture } };
}

function block(n: number): object {
  return { reason: "not theirs", at: `2026-0${1 + (n % 9)}-12T10:00:00.000Z` };
}
