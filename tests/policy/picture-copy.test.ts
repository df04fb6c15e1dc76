import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { decide } from "../../policy/decide.ts";
import { copyUrl, fingerprintOf } from "../../policy/picture-copy.ts";
import { restatedFingerprint } from "./restatement.ts";
import { settingsWith } from "./settings.ts";

/** How a provider's URL of one picture differs between two logins. */
const signedAnew: Readonly<Record<string, readonly [string, string]>> = {
  "Facebook Login": [
    "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=101&height=50&width=50&ext=1735700000&hash=AeS1",
    "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=101&height=50&width=50&ext=1766700000&hash=AeT2",
  ],
  "Facebook's file servers": [
    "https://scontent-fra3-1.xx.fbcdn.net/v/t39.30808-1/2785.jpg?stp=p100x100&_nc_cat=102&ccb=1-7&_nc_ohc=zq&oh=00_A&oe=67748F60",
    "https://scontent-fra3-1.xx.fbcdn.net/v/t39.30808-1/2785.jpg?stp=p100x100&_nc_cat=104&ccb=1-8&_nc_ohc=yw&oh=00_B&oe=69D538E2",
  ],
  "Instagram's file servers": [
    "https://scontent.cdninstagram.com/v/a.jpg?oh=00&oe=67748F60",
    "https://scontent.cdninstagram.com/v/a.jpg?oh=01&oe=69D538E2",
  ],
  LinkedIn: [
    "https://media.licdn.com/dms/image/v2/D56/profile-displayphoto-shrink_200_200/0/1669?e=1740009600&v=beta&t=NB",
    "https://media.licdn.com/dms/image/v2/D56/profile-displayphoto-shrink_200_200/0/1669?e=1746009600&v=beta&t=XY",
  ],
  Weibo: [
    "https://tvax3.sinaimg.cn/crop.0.0.1080.1080.180/b27.jpg?KID=imgbed,tva&Expires=1582389585&ssig=Ev",
    "https://tvax3.sinaimg.cn/crop.0.0.1080.1080.180/b27.jpg?KID=imgbed,tva&Expires=1682389585&ssig=Fw",
  ],
  TikTok: [
    "https://p16-sign-va.tiktokcdn.com/tos/ace9~c5_100x100.jpeg?x-expires=1665424800&x-signature=it",
    "https://p16-sign-va.tiktokcdn.com/tos/ace9~c5_100x100.jpeg?x-expires=1691132400&x-signature=ju",
  ],
  "Amazon S3": [
    "https://b.s3.amazonaws.com/a.png?X-Amz-Credential=A&X-Amz-Date=20250101T000000Z&X-Amz-Expires=900&X-Amz-Signature=1",
    "https://b.s3.amazonaws.com/a.png?X-Amz-Credential=B&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-Signature=2",
  ],
  "what speaks S3's protocol": [
    "https://files.acme.com/a.png?x-amz-date=20250101T000000Z&x-amz-signature=1",
    "https://files.acme.com/a.png?x-amz-date=20260101T000000Z&x-amz-signature=2",
  ],
  "Google Cloud Storage": [
    "https://storage.googleapis.com/b/a.png?X-Goog-Date=20250101T000000Z&X-Goog-Expires=900&X-Goog-Signature=1",
    "https://storage.googleapis.com/b/a.png?X-Goog-Date=20260101T000000Z&X-Goog-Expires=900&X-Goog-Signature=2",
  ],
};

/** Two pictures, or two looks of one, that a copy of the other must not stand for. */
const different: Readonly<Record<string, readonly [string, string]>> = {
  "two people at Facebook": [
    "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=101&ext=1&hash=a",
    "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=102&ext=1&hash=a",
  ],
  "two sizes at Facebook": [
    "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=101&width=50&ext=1&hash=a",
    "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=101&width=500&ext=1&hash=a",
  ],
  "two crops at Facebook": [
    "https://scontent.xx.fbcdn.net/v/a.jpg?stp=p100x100&oh=1",
    "https://scontent.xx.fbcdn.net/v/a.jpg?stp=p200x200&oh=1",
  ],
  "two sizes at Google": [
    "https://lh3.googleusercontent.com/a/abc=s96-c",
    "https://lh3.googleusercontent.com/a/abc=s400-c",
  ],
  "two versions at GitHub": [
    "https://avatars.githubusercontent.com/u/1?v=3",
    "https://avatars.githubusercontent.com/u/1?v=4",
  ],
  "two objects in S3": [
    "https://b.s3.amazonaws.com/a.png?X-Amz-Date=1",
    "https://b.s3.amazonaws.com/b.png?X-Amz-Date=1",
  ],
  "two versions of an object in S3": [
    "https://b.s3.amazonaws.com/a.png?versionId=1",
    "https://b.s3.amazonaws.com/a.png?versionId=2",
  ],
  "two fallbacks of a Gravatar": [
    "https://s.gravatar.com/avatar/ab?d=404",
    "https://s.gravatar.com/avatar/ab?d=mp",
  ],
  "a host that only looks like LinkedIn's": [
    "https://media.licdn.com.io/?e=1",
    "https://media.licdn.com.io/?e=2",
  ],
  "another host that does": ["https://evillicdn.com/?e=1", "https://evillicdn.com/?e=2"],
  "a path that looks like a signature": [
    "https://media.licdn.com/a&e=1?v=beta",
    "https://media.licdn.com/a&e=2?v=beta",
  ],
  "a name that ends like one that is left out": [
    "https://media.licdn.com/?type=1",
    "https://media.licdn.com/?type=2",
  ],
  "letters that differ in case": ["/9j/4AAQSkZJRg", "/9j/4AAQSkZjRg"],
  "texts in another order": ["ab", "ba"],
  "a text and the same with a blank": ["https://a.com/b.png", "https://a.com/b.png "],
  "nothing and a zero": ["", "\0"],
};

describe("the fingerprint of a root picture", () => {
  for (const [what, [one, other]] of Object.entries(different)) {
    it(`tells apart ${what}`, () => {
      assert.notEqual(fingerprintOf(one), fingerprintOf(other));
    });
  }

  it("takes any text without throwing, always as 16 hexadecimal digits, as its restatement does", () => {
    const piece = fc.constantFrom(
      ...[
        "https://",
        "HTTP://",
        "media.licdn.com",
        ".fbcdn.net",
        "/",
        "?",
        "&",
        "#",
        "=",
        "e",
        "oe=1",
        "X-Amz-",
      ],
      ...["\ud800", "ä", " ", "hash=2", "lookaside.fbsbx.com", "a".repeat(253), "@", ":443", "\n"],
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (root) => {
        assert.match(fingerprintOf(root), /^[0-9a-f]{16}$/);
        assert.equal(fingerprintOf(root), restatedFingerprint(root));
      }),
      { numRuns: 10_000, examples: [["https://https://?X-Amz-\n"]] },
    );
  });

  for (const [what, start, part] of [
    ["base64", "", "QUJD"],
    ["a data: address", "data:image/png;base64,", "QUJD"],
    ["a host", "https://", "a"],
    ["a path", "https://a.com/", "a&"],
    ["parameters", "https://a.com/?", "&"],
    ["parameters at a host that signs", "https://media.licdn.com/?", "e=1&"],
    ["parameters at a host that is too long", `https://${"a".repeat(300_000)}/?`, "e&"],
    ["a name", "https://scontent.xx.fbcdn.net/?_nc_", "a"],
    ["question marks", "https://a.com/", "?"],
  ] as const) {
    it(`of a megabyte of ${what} takes no longer than linear time`, () => {
      const root = start.padEnd(1_000_000, part);
      const started = performance.now();
      assert.match(fingerprintOf(root), /^[0-9a-f]{16}$/);
      // Some 10 to 300 ms; quadratic time would be minutes.
      assert.ok(performance.now() - started < 3000);
    });
  }

  for (const [provider, [one, other]] of Object.entries(signedAnew)) {
    it(`stays where ${provider} signs the same picture anew`, () => {
      assert.notEqual(one, other);
      assert.equal(fingerprintOf(one), fingerprintOf(other));
    });
  }

  it("is the same in every version, since it is noted at users", () => {
    assert.equal(fingerprintOf(""), "0100019385ebca6b");
    assert.equal(fingerprintOf("https://lh3.googleusercontent.com/a/abc=s96-c"), "feed8261e288c301");
  });
});

describe("a copy of the root picture", () => {
  const root = "https://lh3.googleusercontent.com/a/abc=s96-c";
  const url = "https://img.acme.com/users/9c1d/5e0b.png";
  const settings = settingsWith({ copies: "show", allowedPrefixes: ["https://img.acme.com/users/"] });
  const copy = { of: fingerprintOf(root), url };
  const loginWith = (app_metadata: unknown) => ({
    user: { user_id: "google-oauth2|1", picture: root, app_metadata },
  });

  it("is not shown once the root picture is another one", () => {
    const login = loginWith({ picture_copy: copy });
    const another = { ...login.user, picture: `${root}0` };
    assert.equal(decide(login, settings).picture, url);
    assert.deepEqual(decide({ user: another }, settings), {
      reason: "kept",
      picture: another.picture,
      claim: null,
    });
  });

  it("is not read from a prototype", () => {
    for (const metadata of [
      Object.create({ picture_copy: copy }),
      { picture_copy: Object.create(copy) as unknown },
    ]) {
      assert.equal(copyUrl(root, loginWith(metadata), settings), undefined);
    }
  });

  it("is not there, and nothing throws, whatever is noted", () => {
    for (const noted of [
      null,
      undefined,
      7,
      "text",
      [],
      [copy],
      { of: copy },
      { ...copy, url: copy },
      { ...copy, url: 7 },
    ]) {
      assert.equal(decide(loginWith({ picture_copy: noted }), settings).reason, "kept");
    }
  });

  it("is never asked for where copies are off", () => {
    const metadata = {
      get picture_copy() {
        throw new Error("asked");
      },
    };
    for (const off of [settingsWith(), settingsWith({ copies: "off" })]) {
      assert.equal(decide(loginWith(metadata), off).reason, "kept");
    }
  });

  it("is shown for a root picture of 50 kB, by a URL of a few characters", () => {
    const base64 = `/9j/${"4AAQSkZJ".repeat(6250)}`;
    const event = {
      user: {
        user_id: "waad|1",
        picture: base64,
        app_metadata: { picture_copy: { ...copy, of: fingerprintOf(base64) } },
      },
    };
    assert.deepEqual(decide(event, settings), { reason: "copy", picture: url, claim: url });
    assert.equal(decide(event, settingsWith()).reason, "root-refused");
  });
});
