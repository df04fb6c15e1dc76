import assert from "node:assert/strict";
import { checkForum, findForumFaults } from "../../../cli/discourse/check-forum.ts";
import { addAda, addAdaByOpenIdConnect, forums, type Forum } from "./forum.ts";
import type { SiteSettings } from "./forum-state.ts";

describe("a check of a forum", () => {
  const start = forums();
  const named = async (forum: Forum, env = {}) => {
    const { faults } = await findForumFaults(forum.connect({}, env));
    for (const { problem, remedy } of faults) assert.ok(problem.length > 10 && remedy.length > 10);
    return faults.map(({ setting, value }) => [setting, value]);
  };

  const wrong: readonly (readonly [string, Partial<SiteSettings>, (string | null)[][]])[] = [
    [
      "DiscourseConnect",
      { discourse_connect_overrides_avatar: false },
      [["discourse_connect_overrides_avatar", "false"]],
    ],
    ["DiscourseConnect", { enable_discourse_connect: false }, [["enable_discourse_connect", "false"]]],
    ["DiscourseConnect", { authorized_extensions: "jpg|png" }, [["authorized_extensions", "jpg|png"]]],
    ["DiscourseConnect", { max_image_size_kb: 100 }, [["max_image_size_kb", "100"]]],
    [
      "DiscourseConnect",
      { automatically_download_gravatars: true },
      [["automatically_download_gravatars", "true"]],
    ],
    ["OpenID Connect", { auth_overrides_avatar: true }, [["auth_overrides_avatar", "true"]]],
    [
      "OpenID Connect",
      { discourse_connect_overrides_avatar: true },
      [["discourse_connect_overrides_avatar", "true"]],
    ],
    [
      "OpenID Connect",
      { uploaded_avatars_allowed_groups: "14|3" },
      [["uploaded_avatars_allowed_groups", "14|3"]],
    ],
    ["OpenID Connect", { oauth2_enabled: true }, [["DISCOURSE_PROVIDER", null]]],
    ["OpenID Connect", { openid_connect_enabled: false }, [["enable_discourse_connect", "false"]]],
    [
      "OpenID Connect",
      { openid_connect_enabled: false, oauth2_enabled: true, oauth2_json_user_id_path: "id" },
      [["oauth2_json_user_id_path", "id"]],
    ],
    ["OpenID Connect", { authorized_extensions: "png" }, [["authorized_extensions", "png"]]],
  ];
  for (const [way, settings, expected] of wrong) {
    it(`names, with ${way}, ${JSON.stringify(settings)}, with its remedy`, async () => {
      const forum = await start();
      if (way === "OpenID Connect") addAdaByOpenIdConnect(forum);
      Object.assign(forum.state.settings, settings);
      assert.deepEqual(await named(forum), expected);
    });
  }

  it("names every setting that is wrong, and ends with exit code 2", async () => {
    const forum = await start();
    addAdaByOpenIdConnect(forum);
    Object.assign(forum.state.settings, { auth_overrides_avatar: true, max_image_size_kb: 1 });
    const { exitCode, text, json } = await checkForum(forum.connect());
    assert.equal(exitCode, 2);
    assert.match(text, /signs users in by: oidc/);
    assert.match(text, /auth_overrides_avatar = true: nobody may pick.*\n {2}Turn it off/);
    assert.match(text, /max_image_size_kb = 1: /);
    assert.equal((json as { faults: object[] }).faults.length, 2);
  });

  it("names the secret that DiscourseConnect needs, where it is not set", async () => {
    const forum = await start();
    assert.deepEqual(await named(forum, { DISCOURSE_CONNECT_SECRET: "" }), [
      ["DISCOURSE_CONNECT_SECRET", null],
    ]);
  });

  it("names a provider that the forum does not have on", async () => {
    const forum = await start();
    addAdaByOpenIdConnect(forum);
    assert.deepEqual(await named(forum, { DISCOURSE_PROVIDER: "saml" }), [["DISCOURSE_PROVIDER", "saml"]]);
  });

  it("names the key that is wrong, of no administrator, or granular", async () => {
    const forum = await start();
    addAda(forum);
    const key = [["DISCOURSE_API_KEY", null]];
    assert.deepEqual(await named(forum, { DISCOURSE_API_KEY: "wrong" }), key);
    assert.deepEqual(await named(forum, { DISCOURSE_API_USERNAME: "ada" }), key);
    const granular = await start({ scopes: ["users:show", "users:sync_sso"] });
    assert.deepEqual(await named(granular), key);
  });

  it("finds nothing where all is right, and changes nothing", async () => {
    for (const set of [addAda, addAdaByOpenIdConnect]) {
      const written: string[] = [];
      const forum = await start({
        before: ({ method, url }) => {
          if (method !== "GET") written.push(url);
          return undefined;
        },
      });
      set(forum);
      const { exitCode, text } = await checkForum(forum.connect());
      assert.equal(exitCode, 0, text);
      assert.deepEqual(written, []);
    }
  });
});
