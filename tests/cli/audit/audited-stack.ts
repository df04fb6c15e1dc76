import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** Makes a stack `dev` whose file is in the folder, and gives the environment that names it. */
export function stackFolder(folder: string): Readonly<Record<string, string>> {
  const config = {
    auth0Domain: "acme-dev.eu.auth0.com",
    awsAccountId: "123456789012",
    awsRegion: "eu-central-1",
    imageBucket: "acme-dev",
  };
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stringify({ config }));
  return { PICTURES_STACK_FOLDER: folder };
}

const script = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">\'"';

/** Users of every kind, some of whom wish a report ill, as an export job gives them. */
export const auditedUsers: readonly Readonly<Record<string, unknown>>[] = [
  ...Array.from({ length: 40 }, (_, n) => user(n, {})),
  ...Array.from({ length: 30 }, (_, n) =>
    user(100 + n, { user_metadata: { picture: `http://old-pictures${n % 4}.acme.com/${n}.png` } }),
  ),
  user(200, { user_metadata: { picture: "https://acme-dev.s3.eu-central-1.amazonaws.com/users/ab/1.png" } }),
  user(201, { user_metadata: { picture: `https://cdn.example.org/${"long-name".repeat(40)}.png` } }),
  user(202, { user_metadata: { picture: script } }),
  user(203, { user_metadata: { picture: '=HYPERLINK("https://evil.com")' } }),
  user(204, { user_metadata: { picture: "javascript:window.hacked=1" } }),
  user(205, { user_metadata: { picture: "" } }),
  user(206, { picture: "http://img.acme.com/root.png" }),
  user(207, {
    app_metadata: { picture_blocked: true, picture_block: { reason: script, at: "2026-11-01T10:00:00Z" } },
  }),
  user(208, { app_metadata: { picture_blocked: true } }),
  { user_id: `auth0|${script}`, picture: script, app_metadata: { picture_blocked: "yes" } },
];

function user(n: number, profile: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    user_id: `google-oauth2|${n}`,
    email: `user${n}@acme.com`,
    picture: `https://lh3.googleusercontent.com/a/${n}`,
    identities: [{ provider: "google-oauth2", connection: "google-oauth2", user_id: String(n) }],
    ...profile,
  };
}
