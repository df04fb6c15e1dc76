import fc from "fast-check";
import type { PictureSettings } from "../../policy/settings.ts";
import { withCopy } from "./arbitrary-copy.ts";

/** The settings' values of `maxLength`. */
const maxLengths = [40, 60, 110, 2048];

const pictureHosts = [
  ...["cdn.auth0.com", "CDN.Auth0.com.", "cdn.auth0.com.evil.io", "s.gravatar.com", "gravatar.com"],
  ...["i0.wp.com", "I3.wp.com.", "i4.wp.com", "i0.wp.com.evil.io", "xi0.wp.com"],
  ...["Secure.Gravatar.com.", "evilgravatar.com", "gravatar.com.evil.io", "lh3.googleusercontent.com"],
  ...[
    "img.acme.com",
    "img.acme.com.",
    "sub.img.acme.com",
    "cdn.io",
    "a.pics.dev",
    "pics.dev",
    "evilpics.dev",
  ],
];

const oddHosts = [
  // Empty labels, names that are not public, final dots.
  ...["img..acme.com", ".acme.com", "img.acme.com..", "intranet", "localhost", "localhost.", "printer.local"],
  ...[
    "printer.local.",
    "db.internal",
    "x.test",
    "x.example",
    "x.invalid",
    "abc.onion",
    "local",
    "x.localhost",
  ],
  ...["nas.lan", "x.corp", "x.alt.", "x.home.arpa", "home.arpa", "in-addr.arpa", "lan.io"],
  // IP addresses in all notations, and what only looks like one.
  ...["10.0.0.1", "10.0.0.1.", "0x7f.1", "0177.0.0.1", "2130706433", "1.2.3.4.5", "256.1.1.1", "1.2.3.4.io"],
  ...["[::1]", "[::ffff:10.0.0.1]", "[2001:db8::1]", "[::1", "１２７.０.０.１", "①.acme.com"],
  // Internationalised names: with other full stops and letters that normalise to ours.
  ...["bücher.de", "xn--bcher-kva.de", "例え.jp", "ｉｍｇ.acme.com", "img。acme。com", "faß.de", "xn--a.com"],
  ...["", "%69mg.acme.com", "a b.com", "a_b.acme.com", "img.acme.com%2f", "\u00adimg.acme.com"],
];

const paths = [
  ...[
    "",
    "/",
    "/a.png",
    "/users/jd.png",
    "/users/../a.png",
    "/users/%2e%2e/a.png",
    "/users",
    "/Users/jd.png",
  ],
  ...["/avatar/205e460b479e2e5b48aec07710c08d50", "/avatar/", "/avatar", "/x/../avatar/1", "/avatar//1"],
  ...["/avatar.php?gravatar_id=1", "/avatar.phpx", "/avatars/1", "/userimage/12/ab.jpg", "/userimage"],
  ...["/cdn.auth0.com/avatars/jd.png", "//cdn.auth0.com/", "/x/../cdn.auth0.com/", "/cdn.auth0.com"],
  ...["\\avatar\\1", "/%61vatar/1", "/ä 😀.png", "/\ud800.png", "/a\tb\n.png"],
];

const queries = [
  ...[
    "",
    "?",
    "?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fjd.png",
    "?d=a&s=1&d=b",
    "?default=x&d=404",
  ],
  ...[
    "?f=y",
    "?forcedefault=y&F=1",
    "?D=1",
    "?s=80&=&&x",
    "?%64=1&a=%20+b",
    "?d",
    "?a=%zz&b=ä",
    "?f&default&d=&s",
  ],
];

function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 8): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const host = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...pictureHosts) },
  { weight: 5, arbitrary: fc.constantFrom(...oddHosts) },
  { weight: 1, arbitrary: fc.domain() },
);
const scheme = mostly(
  mostly(fc.constant("https://"), fc.constant("http://"), 4),
  fc.constantFrom("HTTP://", "HTTPS://", "https:", "//", "", "ftp://", "data:", "javascript:", "https:\\\\"),
);
const credentials = mostly(fc.constant(""), fc.constantFrom("u@", "u:p@", ":p@", "@", ":@"), 15);
const port = mostly(
  fc.constant(""),
  fc.constantFrom(":443", ":8443", ":8080", ":80", ":", ":0443", ":99999", ":x"),
  10,
);
const fragment = mostly(fc.constant(""), fc.constantFrom("#", "#d=1", "#ä"), 15);
const madeUrl = fc
  .tuple(scheme, credentials, host, port, fc.constantFrom(...paths), fc.constantFrom(...queries), fragment)
  .map((parts) => parts.join(""));

/** Some of them are around the settings' `maxLength` once they have our fallback. */
const gravatarUrl = fc
  .tuple(
    fc.constantFrom("https://s.", "http://www.", "https://", "https://Secure."),
    fc.constantFrom("/avatar/", "/avatar/", "/avatar?", "/avatar.php?", "/userimage/"),
    fc.oneof(
      fc.constant("205e460b479e2e5b"),
      fc.nat(80).map((length) => "a".repeat(length)),
    ),
    fc.oneof(
      fc.constant(""),
      fc.constantFrom(...queries),
      fc.webQueryParameters().map((query) => `?${query}`),
    ),
  )
  .map(([start, path, name, query]) => `${start}gravatar.com${path}${name}${query}`);

/** Texts as long as a `maxLength` of the settings and one more and one less, some of which grow when normalised. */
const longUrl = fc
  .tuple(
    fc.constantFrom(...maxLengths.flatMap((length) => [length - 1, length, length + 1])),
    fc.constantFrom("https://img.acme.com/", "http://img.acme.com/", "https://cdn.auth0.com/"),
    fc.constantFrom("a", "ä", ".", "/", "汉"),
  )
  .map(([length, start, letter]) => start.padEnd(length, letter));

const blank = fc.constantFrom("", " ", "\n\t ", "\u00a0", "\ufeff");
const text = fc.oneof(
  { weight: 200, arbitrary: madeUrl },
  { weight: 60, arbitrary: gravatarUrl },
  { weight: 25, arbitrary: longUrl },
  { weight: 15, arbitrary: blank },
  { weight: 15, arbitrary: fc.tuple(blank, madeUrl, blank).map((parts) => parts.join("")) },
  { weight: 10, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 10, arbitrary: fc.webUrl() },
);
const megabytes = fc.constantFrom("https://img.acme.com/", " ", "https://", "a.").map((part) => {
  return part.padEnd(1_000_000, part);
});
const junk = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, 0, 7, true, "", "auth0", [], {}),
  fc.anything({ maxDepth: 1, maxKeys: 2 }),
);
const picture = fc.oneof(
  { weight: 1000, arbitrary: text },
  { weight: 80, arbitrary: junk },
  { weight: 1, arbitrary: megabytes },
);

/** What no object literal can write: `__proto__` as a member of its own. */
const confusing = fc
  .constantFrom(
    '{"__proto__":{"picture":"","gravatar_disabled":true,"picture_blocked":true}}',
    '{"__proto__":null,"picture":""}',
    '{"constructor":{"picture":"https://img.acme.com/a.png"},"hasOwnProperty":1}',
    '{"__proto__":{"strategy":"auth0","metadata":{"picture_policy":"off"}},"toString":null,"valueOf":1}',
  )
  .map((json) => JSON.parse(json) as unknown);

const some = { requiredKeys: [] };
const flag = fc.constantFrom<unknown>(true, false, "true", 1, null);

function member(usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: usual },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: confusing },
  );
}

const userMetadata = fc.oneof(
  { weight: 3, arbitrary: fc.record({ gravatar_disabled: flag }, some) },
  { weight: 2, arbitrary: fc.record({ picture, gravatar_disabled: flag }, some) },
);
const userId = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>("auth0|1", "google-oauth2|1", "samlp|acme|jd@acme.com") },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      "auth0",
      "|1",
      "auth0|",
      "AUTH0|1",
      " auth0|1",
      "auth0x|1",
      "google-oauth2",
    ),
  },
  { weight: 1, arbitrary: junk },
);
const profile = fc.record(
  {
    user_id: userId,
    picture,
    user_metadata: member(userMetadata),
    app_metadata: member(mostly(fc.constant<unknown>({}), fc.record({ picture_blocked: flag }, some), 4)),
  },
  { requiredKeys: ["picture"] },
);
const user = fc.oneof(
  { weight: 10, arbitrary: profile },
  { weight: 4, arbitrary: withCopy(profile, fc.oneof(junk, confusing)) },
);
const connection = fc.record(
  { strategy: fc.constantFrom<unknown>("auth0", "google-oauth2", "AUTH0", null) },
  some,
);
const client = fc.record({
  metadata: member(
    mostly<unknown>(
      fc.constant({}),
      fc.record({
        picture_policy: fc.constantFrom<unknown>("off", "off", "OFF", "off ", "on", false, ["off"]),
      }),
      4,
    ),
  ),
});
const scopes = mostly<unknown>(
  fc.constantFrom(["openid", "profile"], ["profile", "email"], "openid"),
  fc.oneof(fc.constantFrom<unknown>([], ["openid"], ["Profile", "profile "], [["profile"]], null), junk),
);
const transaction = fc.record(
  {
    requested_scopes: scopes,
    protocol: fc.constantFrom<unknown>("samlp", "oidc-basic-profile", "SAMLP", null),
  },
  some,
);
const usualEvent = fc.record(
  {
    user: member(user),
    connection: member(connection),
    client: member(client),
    transaction: member(transaction),
  },
  { requiredKeys: ["user"] },
);

/** Any value at all, in which objects have the names that the policy looks for. */
const anyEvent = fc.anything({
  key: fc.constantFrom(
    ...[
      "user",
      "user_id",
      "picture",
      "user_metadata",
      "app_metadata",
      "picture_blocked",
      "picture_copy",
      "gravatar_disabled",
      "client",
    ],
    ...["metadata", "connection", "strategy", "transaction", "requested_scopes", "__proto__", "constructor"],
  ),
  maxDepth: 3,
  maxKeys: 5,
  withNullPrototype: true,
});

/** An event of a post-login Action, or what no Auth0 would send: every row of the policy comes often. */
export const arbitraryEvent: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 60, arbitrary: usualEvent },
  { weight: 2, arbitrary: anyEvent },
  { weight: 1, arbitrary: fc.anything() },
  { weight: 1, arbitrary: confusing },
);

const defaultUrls = ["https://img.acme.com/default-3f2a.png", "https://b.s3.amazonaws.com/d/%C3%A4%20&=.png"];

/** Settings as a stack's configuration could give them: the default image's address fits `maxLength`. */
export const arbitrarySettings: fc.Arbitrary<PictureSettings> = fc
  .record(
    {
      defaultUrl: fc.constantFrom(...defaultUrls),
      gravatar: fc.constantFrom<PictureSettings["gravatar"]>("keep", "fallback", "never"),
      social: fc.constantFrom<PictureSettings["social"]>("keep", "replace"),
      copies: fc.constantFrom<NonNullable<PictureSettings["copies"]>>("show", "show", "off"),
      allowedHosts: fc.oneof(
        fc.constant([]),
        fc.subarray(
          ["Img.Acme.com", "cdn.io:8443", "*.pics.dev", "10.0.0.1", "xn--bcher-kva.de", "cdn.io:443"].concat([
            "*.gravatar.com",
            "cdn.auth0.com",
            "i0.wp.com",
          ]),
        ),
      ),
      allowedPrefixes: fc.subarray(["https://img.acme.com/users/", "https://intranet/users/"]),
      maxLength: mostly(fc.constant(2048), fc.constantFrom(...maxLengths), 2),
      samlAttribute: fc.constant("http://schemas.auth0.com/picture"),
    },
    { requiredKeys: ["defaultUrl", "gravatar", "social", "allowedHosts", "allowedPrefixes", "maxLength"] },
  )
  .filter(({ defaultUrl, maxLength }) => defaultUrl.length <= maxLength);

/** A login's event with the settings that decide it. */
export const arbitraryLogin: fc.Arbitrary<[event: unknown, settings: PictureSettings]> = fc.tuple(
  arbitraryEvent,
  arbitrarySettings,
);
