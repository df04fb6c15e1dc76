import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { AuditReport } from "../../cli/audit/audit-report.ts";
import { systemClock } from "../../lib/clock.ts";
import { projectRoot } from "../../lib/project.ts";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { uploadFolders } from "../../stack/upload-folders.ts";
import { startLocalDiscourse } from "../cli/discourse/local-discourse.ts";
import { s3Client } from "../local/s3/s3-clients.ts";
import { getFromS3 } from "./get-from-s3.ts";
import { runPictures } from "./run-pictures.ts";
import { seededApp } from "./seeded-app.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

const gravatar = "https://s.gravatar.com/avatar/205e460b479e2e5b48aec07710c08d50?s=480&r=pg";
const grace = {
  user_id: "auth0|grace",
  name: "Grace",
  email: "grace@example.com",
  email_verified: true,
  picture: gravatar,
  user_metadata: { theme: "dark" },
  app_metadata: { plan: "gold" },
};
const file = join(projectRoot, "tests/e2e/other-default.png");

interface Shown {
  readonly reason: string;
  readonly picture: string;
}

interface Changed {
  readonly before: Shown;
  readonly after: Shown;
}

/** One life of one picture, in the order in which the tests stand. */
describe("the life of a picture", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let app: LoginClient;

  before(async () => {
    const { tenant, caFile } = world();
    app = await createLoginClient({ domain: tenant.domain, caFile, ...seededApp(tenant) });
    tenant.users.create(grace);
    // The local S3 server is not public, and a Gravatar keeps its picture.
    await world().configure({ gravatar: "keep" });
    await requirePulumi(world(), ["stack", "init", "local"]);
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
  });
  after(async () => {
    await app.close();
  });

  async function pictures<T>(...args: string[]): Promise<T> {
    const { code, out, err } = await runPictures(world(), ...args, "--json");
    assert.equal(code, 0, out + err);
    assert.doesNotMatch(out + err, /grace@example\.com/);
    return JSON.parse(out) as T;
  }

  function withEnvironment(changes: Readonly<Record<string, string>>): LocalWorld {
    const { environment } = world();
    return { ...world(), environment: () => ({ ...environment(), ...changes }) };
  }

  async function user(): Promise<Record<string, Record<string, unknown>>> {
    return (await api.call("GET", `/users/${encodeURIComponent(grace.user_id)}`)) as never;
  }

  /** What `show` announces is what a login then shows, and others' metadata are as they were. */
  async function assertShown(reason: string): Promise<string> {
    const shown = await pictures<Shown>("show", grace.user_id);
    assert.equal(shown.reason, reason);
    const { idTokenClaims } = await app.login({ userId: grace.user_id });
    assert.equal(idTokenClaims["picture"], shown.picture);
    const { user_metadata: own = {}, app_metadata: ours = {} } = await user();
    assert.deepEqual([own["theme"], ours["plan"]], ["dark", "gold"]);
    return shown.picture;
  }

  const change = (command: string, ...args: string[]) =>
    pictures<Changed>(command, grace.user_id, ...args, "--yes");

  const statusOf = async (url: string) => (await getFromS3(url, world().caFile)).status;

  let own = "";
  let defaultUrl = "";

  it("is the same by whichever linked identity the user logs in, and show foretells it", async () => {
    const google = { provider: "google-oauth2", user_id: "linked" };
    const database = { provider: "auth0", user_id: "linked" };
    const written = "https://10.0.0.1/a.png";
    const given = "https://lh3.googleusercontent.com/a/l=s96-c";
    for (const [identities, picture, reason] of [
      [[database, google], written, "root-refused"],
      [[google, database], given, "kept"],
    ] as const) {
      const [primary] = identities;
      const user_id = `${primary.provider}|${primary.user_id}`;
      world().tenant.users.create({ user_id, name: "Lina", picture, identities: [...identities] });
      const foretold = await pictures<Shown & { readonly rootFrom: { readonly userId: string } }>(
        "show",
        user_id,
      );
      assert.equal(foretold.reason, reason);
      assert.equal(foretold.rootFrom.userId, user_id);
      for (const { provider, user_id: id } of identities) {
        const { idTokenClaims } = await app.login({ userId: user_id, identity: `${provider}|${id}` });
        assert.equal(idTokenClaims["sub"], user_id);
        assert.equal(idTokenClaims["picture"], foretold.picture, `by ${provider}`);
      }
      await api.call("DELETE", `/users/${encodeURIComponent(user_id)}`);
    }
  });

  it("begins as a Gravatar", async () => {
    assert.equal(await assertShown("kept"), gravatar);
  });

  it("becomes a file of the user's own, which everybody can get", async () => {
    const { after } = await change("set", "--file", file);
    own = await assertShown("user");
    assert.equal(after.picture, own);
    assert.match(own, /\/pictures\/users\/[0-9a-f]{32}\/[0-9a-f]{16}\.(png|jpg)$/);
    assert.equal(await statusOf(own), 200);
  });

  it("is blocked by a moderator without Pulumi, with the reason, the time and the client", async () => {
    const moderator = world().tenant.clients.create({ name: "Moderators", app_type: "non_interactive" });
    const { client_id: by, client_secret: secret } = moderator;
    const audience = `https://${world().tenant.domain}/api/v2/`;
    const scope = ["read:users", "update:users_app_metadata"];
    await api.call("POST", "/client-grants", { client_id: by, audience, scope });
    const own = { PICTURES_CLIENT_ID: by, PICTURES_CLIENT_SECRET: secret, PATH: dirname(process.execPath) };
    const none = { AUTH0_DOMAIN: "", AUTH0_CLIENT_ID: "", AUTH0_CLIENT_SECRET: "" };
    const asModerator = withEnvironment({ ...own, ...none });
    const line = [grace.user_id, "--yes", "--json"];
    const refused = await runPictures(asModerator, "clear", ...line);
    assert.match(refused.err, /\[scope-missing\]/);
    const blocked = await runPictures(asModerator, "block", ...line, "--reason", "case 4711");
    assert.equal(blocked.code, 0, blocked.err);
    defaultUrl = await assertShown("blocked");
    assert.equal((JSON.parse(blocked.out) as Changed).after.picture, defaultUrl);
    const { picture_block: block } = (await user())["app_metadata"] as { picture_block?: object };
    assert.deepEqual({ ...block, at: undefined }, { reason: "case 4711", by, at: undefined });
  });

  it("is unblocked", async () => {
    await change("unblock");
    assert.equal(await assertShown("user"), own);
  });

  it("is cleared", async () => {
    await change("clear");
    assert.equal(await assertShown("removed"), defaultUrl);
  });

  it("is back once that is undone, but not where somebody changed it since", async () => {
    const undone = await pictures<Changed>("undo", "--yes");
    assert.equal(undone.after.picture, own);
    assert.equal(await assertShown("user"), own);
    await change("clear");
    await api.call("PATCH", `/users/${encodeURIComponent(grace.user_id)}`, {
      user_metadata: { picture: "https://img.acme.com/other.png" },
    });
    const { code, err } = await runPictures(world(), "undo", grace.user_id, "--yes");
    assert.equal(code, 1);
    assert.match(err, /\[changed-since\]/);
    assert.equal(await assertShown("user"), "https://img.acme.com/other.png");
  });

  it("is the original again", async () => {
    await change("use-original");
    assert.equal(await assertShown("kept"), gravatar);
  });

  it("has its files deleted when the user is forgotten, and nothing can be undone", async () => {
    await change("set", "--file", file);
    assert.equal(await assertShown("user"), own, "the same file in the same folder");
    // Whoever names somebody else's picture does not have it deleted.
    const named = { user_id: "auth0|mallory", user_metadata: { picture: own } };
    world().tenant.users.create(named);
    const purge = await runPictures(world(), "block", named.user_id, "--reason", "x", "--purge", "--yes");
    assert.deepEqual([purge.code, await statusOf(own)], [2, 200], purge.err);
    await change("forget");
    assert.equal(await assertShown("kept"), gravatar);
    assert.equal([403, 404].includes(await statusOf(own)), true);
    const { user_metadata: metadata = {}, app_metadata: ours = {} } = await user();
    assert.deepEqual(metadata, { theme: "dark" });
    assert.equal("picture_folder" in ours, false);
    const { code, err } = await runPictures(world(), "undo", grace.user_id, "--yes");
    assert.deepEqual([code, /\[(\S+)\]/.exec(err)?.[1]], [1, "cannot-be-undone"]);
  });

  it("is missed by an audit of everybody where the address of its file comes back", async () => {
    const patch = (picture: string | null) =>
      api.call("PATCH", `/users/${encodeURIComponent(grace.user_id)}`, { user_metadata: { picture } });
    await patch(own);
    const { code, out, err } = await runPictures(world(), "audit", "--files", "--json");
    await patch(null);
    assert.equal(code, 2, err);
    const { users, findings, files } = JSON.parse(out) as AuditReport;
    assert.deepEqual([users, files], [2, 0]);
    const examples = [{ userId: grace.user_id, address: own }];
    assert.deepEqual(findings, [{ finding: "own-file-missing", cause: null, users: 1, examples }]);
    assert.deepEqual((await pictures<AuditReport>("audit", "--files")).findings, []);
  });

  it("has a history that names client and hashes, and neither pictures nor emails", async () => {
    const { writes } = await pictures<{ writes: { command: string; client: string }[] }>(
      "history",
      grace.user_id,
    );
    assert.deepEqual(
      writes.map(({ command }) => command),
      ["set", "set", "block", "unblock", "clear", "undo", "clear", "use-original", "set", "forget", "forget"],
    );
    assert.doesNotMatch(JSON.stringify(writes), /https:|@/);
  });

  for (const way of ["DiscourseConnect", "OpenID Connect"] as const) {
    it(`is gone in the forum when it is blocked, and back when it is not any more, by ${way}`, async () => {
      const forum = await startLocalDiscourse({ clock: systemClock, jobDelayMs: 10 });
      try {
        const isConnect = way === "DiscourseConnect";
        const account = forum.state.addAccount({ username: "grace" }, isConnect ? grace.user_id : undefined);
        if (!isConnect) forum.state.associated.set(`oidc ${grace.user_id}`, account.id);
        Object.assign(forum.state.settings, {
          enable_discourse_connect: isConnect,
          discourse_connect_overrides_avatar: isConnect,
          openid_connect_enabled: !isConnect,
        });
        const url = (await pictures<Shown>("show", grace.user_id)).picture;
        for (const address of [url, defaultUrl]) forum.state.pictures.set(address, address);
        const withForum = withEnvironment({
          DISCOURSE_URL: forum.url,
          DISCOURSE_API_KEY: forum.apiKey,
          ...(isConnect ? { DISCOURSE_CONNECT_SECRET: forum.connectSecret } : { DISCOURSE_PROVIDER: "oidc" }),
        });
        const run = async (...args: string[]) => {
          const answer = await runPictures(withForum, ...args, "--json");
          assert.equal(answer.code, 0, answer.out + answer.err);
          return JSON.parse(answer.out) as Record<string, unknown>;
        };
        // Neither Gravatar nor the local S3 server is asked: nothing here reaches the internet.
        const sync = (who: string) => run("discourse", "sync", who, "--no-probe", "--yes");
        assert.deepEqual((await run("discourse", "check"))["faults"], []);
        await sync(grace.user_id);
        assert.equal(forum.state.shownBy(account), url);
        const reason = ["--reason", "case 4712"];
        await run("block", grace.user_id, ...reason, "--discourse", "--no-probe", "--yes");
        assert.equal(forum.state.shownBy(account), isConnect ? defaultUrl : undefined);
        await run("unblock", grace.user_id, "--yes");
        await sync(grace.user_id);
        assert.equal(forum.state.shownBy(account), url);
        assert.equal(((await sync("--all"))["counts"] as { total: number }).total, 2);
      } finally {
        await forum.close();
      }
    });
  }

  it("has an application's uploads deleted, of every key and of before there was one, or nothing is changed", async () => {
    const uma = "auth0|uma";
    const keys = [randomBytes(32), randomBytes(32)].map((key) => key.toString("base64"));
    await requirePulumi(world(), ["config", "set", "uploadKey", keys.join(" "), "--secret"]);
    const uploads = await uploadTo([...uploadFolders(uma, keys), ...uploadFolders("auth0|max", keys)]);
    const statuses = () => Promise.all(uploads.map(statusOf));
    world().tenant.users.create({ user_id: uma, user_metadata: { picture: uploads[0] ?? null } });
    const forget = (changes: Readonly<Record<string, string>>) =>
      runPictures(withEnvironment({ PICTURES_UPLOAD_KEY: "", ...changes }), "forget", uma, "--yes", "--json");

    const refused = await forget({ PULUMI_CONFIG_PASSPHRASE: "another" });
    assert.match(refused.err, /nothing was changed.*\[upload-key-unavailable\]/s);
    assert.deepEqual(await statuses(), Array(6).fill(200));

    const { code, out, err } = await forget({});
    assert.equal(code, 0, err);
    for (const key of keys) assert.equal((out + err).includes(key), false);
    const { deletedFiles, notDeleted } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([deletedFiles, notDeleted], [3, []]);
    const left = (await statuses()).map((status) => status === 200);
    assert.deepEqual(left, [false, false, false, true, true, true]);
  });

  /** As docs/app-upload.md does: a picture in each folder. */
  async function uploadTo(folders: readonly string[]): Promise<string[]> {
    const { s3, caFile } = world();
    const client = s3Client(s3, { certificates: { caFile } });
    try {
      const keys = folders.map((folder) => `users/${folder}/${randomBytes(16).toString("hex")}.png`);
      for (const Key of keys) {
        await client.send(
          new PutObjectCommand({ Bucket: s3.bucket, Key, Body: "picture", ContentType: "image/png" }),
        );
      }
      return keys.map((key) => `${s3.endpoint}/${s3.bucket}/${key}`);
    } finally {
      client.destroy();
    }
  }
});
