import type { AddressInfo } from "node:net";
import multipart, { type MultipartFile } from "@fastify/multipart";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Clock } from "../../../lib/clock.ts";
import { without } from "../../../lib/json.ts";
import { pickAvatar, uploadPicture, type Upload } from "./forum-avatars.ts";
import { forAdministrators, forumState, type ForumAccount, type ForumState } from "./forum-state.ts";
import { syncSso, type ForumAnswer } from "./forum-sync.ts";

/** What a key may do; `undefined` is a key without granular scopes. */
type Scope = "users:show" | "users:sync_sso" | "uploads:create" | "read";

export interface LocalDiscourseOptions {
  readonly clock: Clock;
  /** From a sync to the new avatar; 1.5 seconds where it is left out. */
  readonly jobDelayMs?: number;
  readonly scopes?: readonly Scope[];
  /** Discourse's own limit is 60. */
  readonly requestsPerMinute?: number;
  /** An old Discourse, or a proxy before it, says the wait in the body only, or nowhere. */
  readonly retryAfter?: "header" | "body" | "nowhere";
  /** Runs before a request is answered; what it returns is the answer. */
  readonly before?: (request: FastifyRequest) => ForumAnswer | undefined;
}

export interface LocalDiscourse {
  readonly url: string;
  readonly apiKey: string;
  readonly connectSecret: string;
  readonly state: ForumState;
  /** Requests that were answered 429. */
  readonly refusals: () => number;
  readonly close: () => Promise<void>;
}

const apiKey = "0123456789abcdef-key";
const connectSecret = "a shared secret";

/** A server on 127.0.0.1 with the routes of Discourse that we use; every other one is answered 404. */
export async function startLocalDiscourse(options: LocalDiscourseOptions): Promise<LocalDiscourse> {
  const state = forumState(options.clock, options.jobDelayMs ?? 1500);
  state.addAccount({ username: "system", staff: true });
  const app = fastify({ routerOptions: { maxParamLength: 2000 } });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body: string, done) => {
      done(null, new URLSearchParams(body));
    },
  );
  await app.register(multipart, { attachFieldsToBody: true });
  const refusals = guard(app, state, options);
  register(app, state);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    connectSecret,
    state,
    refusals,
    close: () => app.close(),
  };
}

/** Limit, key and scope, in the order in which Discourse asks for them. */
function guard(app: FastifyInstance, state: ForumState, options: LocalDiscourseOptions): () => number {
  const { clock, scopes, requestsPerMinute = Infinity, before } = options;
  let recent: number[] = [];
  let refusals = 0;
  app.addHook("onRequest", async (request, reply) => {
    state.runDueJobs();
    const answer = before?.(request);
    if (answer !== undefined) return send(reply, answer);
    recent = recent.filter((at) => at > clock.now() - 60_000);
    if (recent.length >= requestsPerMinute) {
      refusals += 1;
      return refuseForLimit(reply, options, Math.ceil(((recent[0] ?? 0) + 60_000 - clock.now()) / 1000));
    }
    recent.push(clock.now());
    const user = state.accounts.find(({ username }) => username === request.headers["api-username"]);
    const isKnown = request.headers["api-key"] === apiKey && user !== undefined;
    const isGranted = scopes?.some((scope) => scope === scopeOf(request)) ?? true;
    if (!isKnown || !isGranted) return send(reply, invalidAccess);
    // Routes for administrators do not exist for others.
    if (request.url.startsWith("/admin/") && !user.staff) return send(reply, notFound);
    return undefined;
  });
  return () => refusals;
}

function refuseForLimit(
  reply: FastifyReply,
  { retryAfter = "header" }: LocalDiscourseOptions,
  seconds: number,
): FastifyReply {
  if (retryAfter === "header") void reply.header("retry-after", String(seconds));
  const extras = retryAfter === "body" ? { extras: { wait_seconds: seconds } } : {};
  return send(reply, { status: 429, body: { errors: ["too many"], error_type: "rate_limit", ...extras } });
}

function scopeOf({ method, url }: FastifyRequest): Scope | "none" {
  if (url.startsWith("/u/by-external/")) return "users:show";
  if (method === "POST" && url.startsWith("/uploads")) return "uploads:create";
  if (url.startsWith("/admin/users/sync_sso")) return "users:sync_sso";
  return method === "GET" ? "read" : "none";
}

const invalidAccess: ForumAnswer = { status: 403, body: { errors: ["no"], error_type: "invalid_access" } };
const notFound: ForumAnswer = { status: 404, body: { errors: ["no"], error_type: "not_found" } };

function register(app: FastifyInstance, state: ForumState): void {
  const { settings, accounts, records } = state;
  app.setNotFoundHandler((_request, reply) => send(reply, notFound));
  app.get<{ Params: { file: string } }>("/u/by-external/:file", (request, reply) => {
    const record = records.get(request.params.file.replace(/\.json$/, ""));
    const account = accounts.find(({ id }) => id === record?.accountId);
    return send(reply, account === undefined ? notFound : { status: 200, body: { user: shown(account) } });
  });
  registerProviders(app, state);
  app.post("/uploads.json", async (request, reply) =>
    send(reply, uploadPicture(state, await uploadOf(request))),
  );
  app.get<{ Params: { file: string } }>("/admin/users/:file", (request, reply) => {
    const account = accounts.find(({ id }) => `${id}.json` === request.params.file);
    return send(reply, account === undefined ? notFound : { status: 200, body: detailed(state, account) });
  });
  app.post<{ Body: URLSearchParams }>("/admin/users/sync_sso.json", (request, reply) => {
    const [sso, sig] = ["sso", "sig"].map((name) => request.body.get(name) ?? "");
    const answer = syncSso(state, connectSecret, sso ?? "", sig ?? "");
    const body = answer.status === 200 ? detailed(state, answer.body as ForumAccount) : answer.body;
    return send(reply, { status: answer.status, body });
  });
  app.put<{ Params: { username: string }; Body: URLSearchParams }>(
    "/u/:username/preferences/avatar/pick.json",
    (request, reply) => {
      const account = accounts.find(({ username }) => username === request.params.username);
      if (account === undefined) return send(reply, notFound);
      return send(reply, pickAvatar(state, account, request.body));
    },
  );
  app.get("/site/settings.json", (_request, reply) =>
    send(reply, { status: 200, body: without(settings, ...forAdministrators) }),
  );
  app.get("/admin/site_settings.json", (_request, reply) => {
    const list = Object.entries(settings).map(([setting, value]) => ({ setting, value: String(value) }));
    return send(reply, { status: 200, body: { site_settings: list } });
  });
}

/** A form with a file, or one without. */
async function uploadOf({ body }: FastifyRequest): Promise<Upload> {
  if (body instanceof URLSearchParams) {
    return { type: body.get("upload_type") ?? body.get("type") ?? "", url: body.get("url") ?? "" };
  }
  const { upload_type, file } = body as {
    readonly upload_type?: { readonly value: string };
    readonly file?: MultipartFile;
  };
  const type = upload_type?.value ?? "";
  if (file === undefined) return { type, url: "" };
  return { type, url: "", file: { name: file.filename, content: (await file.toBuffer()).toString() } };
}

/** application_controller.rb: the ids of a provider's login are for administrators, and only while the method is on. */
function registerProviders(app: FastifyInstance, { settings, accounts, associated }: ForumState): void {
  const enabled = () => [
    ...(settings.openid_connect_enabled ? ["oidc"] : []),
    ...(settings.oauth2_enabled ? ["oauth2_basic"] : []),
  ];
  app.get<{ Params: { provider: string; file: string } }>(
    "/u/by-external/:provider/:file",
    (request, reply) => {
      const { provider, file } = request.params;
      const asker = accounts.find(({ username }) => username === request.headers["api-username"]);
      if (asker?.staff !== true) return send(reply, invalidAccess);
      const id = associated.get(`${provider} ${file.replace(/\.json$/, "")}`);
      const account = enabled().includes(provider) ? accounts.find((one) => one.id === id) : undefined;
      return send(reply, account === undefined ? notFound : { status: 200, body: { user: shown(account) } });
    },
  );
}

function send(reply: FastifyReply, { status, body, headers = {} }: ForumAnswer): FastifyReply {
  void reply.headers(headers);
  return body === undefined ? reply.code(status).send() : reply.code(status).send(body);
}

/** As an administrator sees it. */
function shown({ id, username, uploadedAvatarId, customUploadId }: ForumAccount): object {
  const template =
    uploadedAvatarId === null
      ? `/letter_avatar_proxy/v4/letter/${username.charAt(0)}/3be4f8/{size}.png`
      : `/user_avatar/localhost/${username}/{size}/${uploadedAvatarId}_2.png`;
  return {
    id,
    username,
    avatar_template: template,
    uploaded_avatar_id: uploadedAvatarId,
    custom_avatar_upload_id: customUploadId,
  };
}

function detailed({ records }: ForumState, account: ForumAccount): object {
  const found = [...records].find(([, { accountId }]) => accountId === account.id);
  const record =
    found === undefined ? null : { external_id: found[0], external_avatar_url: found[1].avatarUrl ?? null };
  const { id, username, avatar_template } = shown(account) as Record<string, unknown>;
  return { id, username, avatar_template, active: account.active, single_sign_on_record: record };
}
