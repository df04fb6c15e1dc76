import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { openJournal } from "../../cli/people/journal.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { hostile } from "../printable.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { rolledStack, type RolledStack } from "./rollback/rolled-stack.ts";

/** How the tenant answers: with hostile text in what people may choose, or refusing in hostile words. */
export type TenantMood = "hostile-values" | "refuses" | "gives-no-token";

export interface HostileWorld {
  readonly stack: RolledStack;
  readonly folder: string;
  /** A user of the tenant whose every field is hostile. */
  readonly userId: string;
  readonly setMood: (mood: TenantMood) => void;
  /** A file with hostile content. */
  readonly file: (name: string) => string;
}

/**
 * A stack for each test in which all that others can write is hostile: the tenant's values and errors, the bucket's errors, the
 * forum's accounts, what `pulumi` prints, the journal, and files. `process.env` is its own, as for a command.
 */
export function hostileWorld(): () => HostileWorld {
  const stack = rolledStack();
  const folder = temporaryFolder();
  let world: HostileWorld;
  let server: Server;
  let env: NodeJS.ProcessEnv;
  let mood: TenantMood = "hostile-values";

  beforeEach(async () => {
    server = createServer((request, response) => answerAsServer(request.url ?? "", response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { domain } = stack().tenant.tenant;
    env = process.env;
    process.env = { ...env, ...stack().env, ...environment(folder(), domain, server) };
    mood = "hostile-values";
    const userId = await createUser(stack());
    writeJournal(domain, userId);
    const trusted = globalThis.fetch;
    globalThis.fetch = async (input, init) => tampered(input, domain, mood, await trusted(input, init));
    world = {
      stack: stack(),
      folder: folder(),
      userId,
      setMood: (next) => (mood = next),
      file: (name) => writeFile(folder(), name),
    };
  });
  afterEach(() => {
    process.env = env;
    server.close();
    server.closeAllConnections();
  });
  return () => world;
}

function environment(folder: string, domain: string, server: Server): NodeJS.ProcessEnv {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    PATH: `${hostilePulumi(folder, domain)}${delimiter}${process.env["PATH"] ?? ""}`,
    PULUMI_STACK: "local",
    XDG_STATE_HOME: folder,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
    DISCOURSE_URL: url,
    DISCOURSE_API_KEY: "key",
    DISCOURSE_CONNECT_SECRET: "secret",
  };
}

/** The bucket refuses everything, and the forum has an account for everybody. XML takes no C0 but these. */
function answerAsServer(url: string, response: ServerResponse): void {
  if (url.startsWith("/u/by-external/")) {
    const user = { id: 7, username: hostile, avatar_template: hostile, uploaded_avatar_id: 1 };
    response.setHeader("content-type", "application/json").end(JSON.stringify({ user }));
    return;
  }
  const inXml = hostile.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${inXml}</Code><Message>${inXml}</Message></Error>`;
  response.writeHead(url.startsWith("/admin") ? 418 : 403, { "content-type": "application/xml" }).end(xml);
}

/** What `pulumi` gives out of a stack, with a resource of hostile names and values; all else fails in hostile words. */
function hostilePulumi(folder: string, domain: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const urn = (name: string) => `urn:pulumi:local::${configNamespace}::auth0:index/action:Action::${name}`;
  const inputs = { code: hostile, name: hostile };
  const state = {
    urn: urn(hostile),
    type: "auth0:index/action:Action",
    id: hostile,
    inputs,
    outputs: inputs,
  };
  const step = {
    op: "update",
    urn: urn(hostile),
    detailedDiff: { code: {}, name: {}, [hostile]: {} },
    oldState: state,
    newState: { ...state, inputs: { code: `${hostile}!`, name: `${hostile}!` } },
  };
  const missing = {
    op: "create",
    urn: urn(hostile),
    newState: { urn: urn(hostile), type: "auth0:index/action:Action", inputs: { name: "user-picture" } },
  };
  const config = { auth0Domain: domain, awsRegion: "eu-central-1", awsAccountId: "000000000000" };
  const named = Object.entries(config).map(([key, value]) => [`${configNamespace}:${key}`, value] as const);
  const pending = { type: hostile, resource: { urn: urn(hostile) } };
  const printed = {
    version: hostile,
    preview: JSON.stringify({
      steps: [step],
      config: {},
      diagnostics: [{ severity: "error", message: hostile }],
    }),
    program: JSON.stringify({ steps: [missing], config: Object.fromEntries(named) }),
    backend: JSON.stringify({ url: "s3://state" }),
    stack: JSON.stringify({ deployment: { resources: [], pending_operations: [pending] } }),
    other: hostile,
  };
  for (const [name, text] of Object.entries(printed)) writeFileSync(join(bin, `${name}.out`), text);
  const script = `#!/bin/sh
case "$1 $2" in
  "version "*) cat "${bin}/version.out" ;;
  "preview --refresh") cat "${bin}/preview.out" ;;
  "preview --json") cat "${bin}/program.out" ;;
  "whoami --verbose") cat "${bin}/backend.out" ;;
  "stack import") ;;
  "stack export") cat "${bin}/stack.out" ;;
  *) cat "${bin}/other.out"; cat "${bin}/other.out" >&2; exit 255 ;;
esac
`;
  writeFileSync(join(bin, "pulumi"), script);
  chmodSync(join(bin, "pulumi"), 0o755);
  return bin;
}

async function createUser({ tenant }: RolledStack): Promise<string> {
  const { status, body, text } = await tenant.api("POST", "/users", {
    connection: "Username-Password-Authentication",
    password: "Passw0rd!x",
    user_id: "eve",
    email: "eve@acme.com",
    email_verified: true,
    name: hostile,
    nickname: hostile,
    picture: "https://acme.com/eve.png",
    user_metadata: {
      picture: `http://127.0.0.1/pictures/users/${hostile}`,
      gravatar_disabled: hostile,
      other: hostile,
    },
    app_metadata: { picture_blocked: hostile, picture_block: { reason: hostile, at: hostile, by: hostile } },
  });
  if (status !== 201) throw new Error(`The tenant does not take the user: ${text}`);
  return (body as unknown as { user_id: string }).user_id;
}

function writeJournal(domain: string, user: string): void {
  openJournal(domain, process.env).append({
    id: hostile,
    at: "2026-11-20T12:00:00.000Z",
    stack: hostile,
    command: hostile,
    client: hostile,
    user,
    keys: ["user_metadata.picture"],
    hashBefore: hostile,
    hashAfter: hostile,
    before: { "user_metadata.picture": hostile },
    run: hostile,
  });
}

/** Fields whose values people choose, or that an Auth0 that was taken over may fill with anything. */
const chosen =
  /^(name|nickname|picture|reason|at|by|last_login|connection|created_at|updated_at|runtime|version|code|message|error|errorCode|error_description)$/;

/** The names by which our Actions are found. */
const ours = /^(default-picture|user-picture)$/;

async function tampered(
  input: string | URL | Request,
  domain: string,
  mood: TenantMood,
  response: Response,
): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  if (!url.startsWith(`https://${domain}/`)) return response;
  const isToken = url.endsWith("/oauth/token");
  const refusal = { statusCode: 403, error: hostile, message: hostile, errorCode: hostile };
  if (mood === "refuses" && !isToken) return Response.json(refusal, { status: 403 });
  if (mood === "gives-no-token" && isToken) {
    return Response.json({ error: hostile, error_description: hostile }, { status: 401 });
  }
  if (isToken || !(response.headers.get("content-type") ?? "").includes("json")) return response;
  const body: unknown = JSON.parse(await response.text(), (key, value: unknown) =>
    typeof value === "string" && chosen.test(key) && !ours.test(value) ? `${value}${hostile}` : value,
  );
  return Response.json(body, { status: response.status });
}

const row = JSON.stringify({ user: hostile, action: hostile, url: hostile, reason: hostile });

/** By name: users as an export has them, rows of changes in both formats, an event, and what is none of them. */
const contents: Readonly<Record<string, string>> = {
  "users.ndjson": [1, 2, 3]
    .map((n) =>
      JSON.stringify({
        user_id: `auth0|${n}${hostile}`,
        email: `${hostile}@acme.com`,
        name: hostile,
        picture: n === 1 ? `https://${hostile}/a.png` : hostile,
        identities: [{ provider: hostile, connection: hostile, user_id: hostile }],
        user_metadata: { picture: n === 2 ? `https://acme.com/${hostile}` : hostile },
        app_metadata: { picture_blocked: n === 3, picture_block: { reason: hostile } },
        [`user_metadata.${hostile}`]: hostile,
      }),
    )
    .join("\n"),
  "rows.ndjson": `${row}\n`,
  "blocks.ndjson": `${JSON.stringify({ user: "auth0|eve", action: "block", reason: hostile })}\n`,
  "gone.ndjson": `${JSON.stringify({ user: `auth0|${hostile.replace(/[^ -~]/g, "")}`, action: "clear" })}\n`,
  "rows.csv": `user,action,url,reason\n${[1, 2, 3, 4].map(() => `"${hostile.replace(/\n/g, " ")}"`).join(",")}\n`,
  "columns.csv": `user,"${hostile}"\nauth0|1,x\n`,
  "unknown-users.csv": `user,action\n"auth0|${hostile.replace(/[\n\r]/g, " ")}",clear\n`,
  "event.json": JSON.stringify({
    user: { user_id: hostile, picture: `https://acme.com/${hostile}`, user_metadata: { picture: hostile } },
    connection: { strategy: hostile },
    transaction: { requested_scopes: ["openid", "profile", hostile] },
  }),
  "other.json": JSON.stringify({ [hostile]: hostile }),
  "broken.json": hostile,
};

function writeFile(folder: string, name: string): string {
  const file = join(folder, name);
  writeFileSync(file, contents[name] ?? "");
  return file;
}
