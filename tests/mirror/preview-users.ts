import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineWriter } from "../../lib/lines.ts";
import { projectRoot } from "../../lib/project.ts";
import { runMeasured } from "../bulk/run-measured.ts";
import { stackFolder } from "../cli/audit/audited-stack.ts";

export interface PreviewFigures {
  readonly seconds: number;
  /** The most that it had resident, in bytes. */
  readonly memory: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The dry run over so many generated users of six providers, by the command itself. @throws Error where it fails. */
export async function previewUsers(users: number): Promise<PreviewFigures> {
  const root = mkdtempSync(join(tmpdir(), "user-pictures-preview-"));
  try {
    const file = join(root, "users.ndjson");
    writeFileSync(file, "");
    const lines = lineWriter(file, "w");
    for (let n = 0; n < users; n += 1) lines.write(JSON.stringify(user(n)));
    lines.close();
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ...stackFolder(root), XDG_STATE_HOME: root };
    const start = Date.now();
    const args = [
      join(projectRoot, "cli/pictures.js"),
      "mirror",
      "--stack",
      "dev",
      "--users",
      file,
      "--json",
    ];
    const end = await runMeasured({ env }, args, () => undefined).end;
    if (end.code !== 0) throw new Error(`The dry run ended with ${end.code}: ${end.output}`);
    const { counts } = JSON.parse(end.out) as Pick<PreviewFigures, "counts">;
    return { seconds: (Date.now() - start) / 1000, memory: end.memory, counts };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Some 50 kB in base64 for every tenth user of the directory, and 2 kB for the others. */
const large = `/9j/4AAQSkZJRg${"A".repeat(50_000)}`;
const small = `/9j/4AAQSkZJRg${"A".repeat(2_000)}`;

const pictures: readonly (readonly [provider: string, picture: (n: number) => string])[] = [
  ["google-oauth2", (n) => `https://lh3.googleusercontent.com/a/${n}=s96-c`],
  [
    "facebook",
    (n) => `https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=${n}&ext=1735700000&hash=AeS1`,
  ],
  ["linkedin", (n) => `https://media.licdn.com/dms/image/v2/${n}?e=1740009600&v=beta&t=NB`],
  ["github", (n) => `https://avatars.githubusercontent.com/u/${n}?v=4`],
  ["auth0", (n) => `https://s.gravatar.com/avatar/${n.toString(16).padStart(32, "0")}?s=480&r=pg`],
  ["waad", (n) => (n % 60 === 5 ? large : small)],
];

function user(n: number): object {
  const [provider, picture] = pictures[n % pictures.length] ?? ["auth0", () => ""];
  return {
    user_id: `${provider}|${n}`,
    picture: picture(n),
    identities: [{ provider, connection: provider, user_id: String(n) }],
    user_metadata: {},
    app_metadata: {},
  };
}
