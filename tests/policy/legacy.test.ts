import assert from "node:assert/strict";
import { decide } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { settingsWith } from "./settings.ts";

/** What the snippets read; they rely on all of it being there. */
interface LegacyUser {
  readonly picture?: string;
  readonly user_metadata?: { readonly picture?: string; readonly gravatar_disabled?: boolean };
}

/** What a snippet sets as the claim; undefined where it leaves the root picture. */
type Snippet = (user: LegacyUser) => string | undefined;

const { defaultUrl } = settingsWith();
const own = "https://img.acme.com/users/jd.png";
const google = "https://lh3.googleusercontent.com/a/abc=s96-c";
const placeholder = "https://cdn.auth0.com/avatars/jd.png";
const gravatar = "https://s.gravatar.com/avatar/205e460b479e2e5b48aec07710c08d50?s=480&r=pg";
const auth0Gravatar = `${gravatar}&d=${encodeURIComponent(placeholder)}`;

/** "Copy the metadata picture into the ID token", as a Rule or an Action. Throws without metadata. */
const copyMetadata: Snippet = (user) => user.user_metadata!.picture;

/** "If the picture contains cdn.auth0.com, put our image there", which stands in a Gravatar's `d`. */
const replaceFallback: Snippet = (user) => {
  const picture = user.picture!;
  if (!picture.includes("cdn.auth0.com")) return undefined;
  return picture.replace(/d=[^&]*/, `d=${encodeURIComponent(defaultUrl)}`);
};

/** "A default picture for everybody": what the user set, else the default, social pictures included. */
const defaultForEverybody: Snippet = (user) => user.user_metadata!.picture ?? defaultUrl;

/** "Remove this user's Gravatar": support sets `user_metadata.picture` to "", a rule shows the default then. */
const removeGravatar: Snippet = (user) => (user.user_metadata!.picture === "" ? defaultUrl : undefined);

/** Nothing in Auth0 reads `gravatar_disabled`, whatever people write into it. */
const gravatarDisabled: Snippet = () => undefined;

function legacyPicture(snippet: Snippet, user: LegacyUser): string | undefined {
  return snippet(user) ?? user.picture;
}

function pictureNow(user: LegacyUser, settings: PictureSettings, strategy = "google-oauth2"): string | null {
  return decide({ user: { ...user, user_id: `${strategy}|1` } }, settings).picture;
}

describe("what the legacy snippets did", () => {
  describe("copying user_metadata.picture into the ID token", () => {
    const settings = settingsWith({ gravatar: "keep" });

    it("broke the login of a user without metadata; here the root picture stands", () => {
      assert.throws(() => copyMetadata({ picture: google }), TypeError);
      assert.equal(pictureNow({ picture: google }, settings), google);
    });

    for (const root of [google, auth0Gravatar, placeholder]) {
      it(`shows the user's own picture in place of ${new URL(root).hostname}, now as then`, () => {
        const user = { picture: root, user_metadata: { picture: own } };
        assert.equal(legacyPicture(copyMetadata, user), own);
        assert.equal(pictureNow(user, settings), own);
      });
    }

    it("left the root picture of a user who set none, now as then", () => {
      for (const root of [google, auth0Gravatar]) {
        const user = { picture: root, user_metadata: {} };
        assert.equal(legacyPicture(copyMetadata, user), root);
        assert.equal(pictureNow(user, settings), root);
      }
    });

    it("gave applications any text; here an invalid URL is ignored", () => {
      for (const picture of ["javascript:alert(1)", "http://img.acme.com/a.png", "https://10.0.0.1/a.png"]) {
        const user = { picture: google, user_metadata: { picture } };
        assert.equal(legacyPicture(copyMetadata, user), picture);
        assert.equal(pictureNow(user, settings), google);
      }
    });

    it("gave applications an empty text; here an empty own picture is the default image", () => {
      const user = { picture: google, user_metadata: { picture: "" } };
      assert.equal(legacyPicture(copyMetadata, user), "");
      assert.equal(pictureNow(user, settings), defaultUrl);
    });
  });

  describe("putting our image into Gravatar's d=", () => {
    const settings = settingsWith({ gravatar: "fallback" });

    it("broke the login of a user without a picture; here that user has the default", () => {
      assert.throws(() => replaceFallback({}), TypeError);
      assert.equal(pictureNow({}, settings), defaultUrl);
    });

    it("keeps a person's Gravatar and makes our image its fallback, now as then", () => {
      const user = { picture: auth0Gravatar };
      assert.equal(legacyPicture(replaceFallback, user), pictureNow(user, settings, "auth0"));
      assert.equal(new URL(pictureNow(user, settings, "auth0")!).searchParams.get("d"), defaultUrl);
    });

    it("left a bare initials placeholder; here it becomes our image", () => {
      const user = { picture: placeholder };
      assert.equal(legacyPicture(replaceFallback, user), placeholder);
      assert.equal(pictureNow(user, settings, "auth0"), defaultUrl);
    });

    it("leaves a social picture, now as then", () => {
      assert.equal(legacyPicture(replaceFallback, { picture: google }), google);
      assert.equal(pictureNow({ picture: google }, settings), google);
    });
  });

  describe("showing one default to everybody", () => {
    const settings = settingsWith({ social: "replace", gravatar: "never" });

    it("broke the login of a user without metadata; here that user has the default", () => {
      assert.throws(() => defaultForEverybody({ picture: google }), TypeError);
      assert.equal(pictureNow({ picture: google }, settings), defaultUrl);
    });

    for (const root of [google, auth0Gravatar, gravatar, placeholder]) {
      it(`replaces a picture of ${new URL(root).hostname} by the default, now as then`, () => {
        const user = { picture: root, user_metadata: {} };
        assert.equal(legacyPicture(defaultForEverybody, user), defaultUrl);
        assert.equal(pictureNow(user, settings), defaultUrl);
      });
    }

    it("keeps what users set themselves, now as then", () => {
      const user = { picture: google, user_metadata: { picture: own } };
      assert.equal(legacyPicture(defaultForEverybody, user), own);
      assert.equal(pictureNow(user, settings), own);
    });

    it("hid a valid root picture of a database user too; here that one is kept", () => {
      const user = { picture: own, user_metadata: {} };
      assert.equal(legacyPicture(defaultForEverybody, user), defaultUrl);
      assert.equal(pictureNow(user, settings, "auth0"), own);
    });
  });

  describe('removing a Gravatar with user_metadata.picture: ""', () => {
    it("broke the login of a user without metadata; here the Gravatar is shown", () => {
      assert.throws(() => removeGravatar({ picture: gravatar }), TypeError);
      assert.equal(pictureNow({ picture: gravatar }, settingsWith({ gravatar: "keep" })), gravatar);
    });

    for (const mode of ["keep", "fallback", "never"] as const) {
      it(`shows the default with gravatar: ${mode}, now as then`, () => {
        const user = { picture: auth0Gravatar, user_metadata: { picture: "" } };
        assert.equal(legacyPicture(removeGravatar, user), defaultUrl);
        assert.equal(pictureNow(user, settingsWith({ gravatar: mode }), "auth0"), defaultUrl);
      });
    }
  });

  describe("writing gravatar_disabled: true", () => {
    const user = { picture: auth0Gravatar, user_metadata: { gravatar_disabled: true } };

    for (const mode of ["keep", "fallback", "never"] as const) {
      it(`did nothing; here it hides the Gravatar with gravatar: ${mode}`, () => {
        assert.equal(legacyPicture(gravatarDisabled, user), auth0Gravatar);
        assert.equal(pictureNow(user, settingsWith({ gravatar: mode }), "auth0"), defaultUrl);
      });
    }

    it("does not hide a picture that is no Gravatar, now as then", () => {
      const social = { ...user, picture: google };
      assert.equal(legacyPicture(gravatarDisabled, social), google);
      assert.equal(pictureNow(social, settingsWith()), google);
    });
  });

  it("cannot break a login here, whatever of the user is missing or null", () => {
    for (const user of [
      undefined,
      null,
      {},
      { picture: null },
      { user_metadata: null, app_metadata: null },
    ]) {
      assert.equal(decide({ user }, settingsWith()).picture, defaultUrl);
    }
  });
});
