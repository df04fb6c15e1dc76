import fc from "fast-check";
import type { PictureSettings } from "../../policy/settings.ts";

const pictureHosts = [
  ...["cdn.auth0.com", "CDN.Auth0.com.", "cdn.auth0.com.evil.io", "s.gravatar.com", "gravatar.com"],
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
  fc.constant("https://"),
  fc.constantFrom("http://", "HTTPS://", "https:", "//", "", "ftp://", "data:", "javascript:", "https:\\\\"),
);
const credentials = mostly(fc.constant(""), fc.constantFrom("u@", "u:p@", ":p@", "@", ":@"), 15);
const port = mostly(
  fc.constant(""),
  fc.constantFrom(":443", ":8443", ":80", ":", ":0443", ":99999", ":x"),
  10,
);
const fragment = mostly(fc.constant(""), fc.constantFrom("#", "#d=1", "#ä"), 15);
const madeUrl = fc
  .tuple(scheme, credentials, host, port, fc.constantFrom(...paths), fc.constantFrom(...queries), fragment)
  .map((parts) => parts.join(""));

const gravatarUrl = fc
  .tuple(fc.constantFrom("s.", "www.", "", "Secure."), fc.constantFrom(...queries), fc.webQueryParameters())
  .map(([sub, query, more]) => `https://${sub}gravatar.com/avatar/205e460b479e2e5b${query}&${more}`);

/** Texts of both settings of `maxLength` and of one more and one less, some of which grow when normalised. */
const lengths = [39, 40, 41, 2047, 2048, 2049];
const longUrl = fc
  .tuple(fc.constantFrom(...lengths), fc.constantFrom("a", "ä", ".", "/"))
  .map(([length, letter]) => "https://img.acme.com/".padEnd(length, letter));

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
const user = fc.record(
  {
    picture,
    user_metadata: member(userMetadata),
    app_metadata: member(mostly(fc.constant<unknown>({}), fc.record({ picture_blocked: flag }, some), 4)),
  },
  { requiredKeys: ["picture"] },
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
    ...["user", "picture", "user_metadata", "app_metadata", "picture_blocked", "gravatar_disabled", "client"],
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

/** Settings as a stack's configuration could give them. */
export const arbitrarySettings: fc.Arbitrary<PictureSettings> = fc.record(
  {
    defaultUrl: fc.constantFrom(
      "https://img.acme.com/default-3f2a.png",
      "https://b.s3.amazonaws.com/d/ä%20&=.png",
    ),
    gravatar: fc.constantFrom("keep", "fallback", "never"),
    social: fc.constantFrom("keep", "replace"),
    allowedHosts: fc.oneof(
      fc.constant([]),
      fc.subarray([
        "Img.Acme.com",
        "cdn.io:8443",
        "*.pics.dev",
        "10.0.0.1",
        "xn--bcher-kva.de",
        "cdn.io:443",
      ]),
    ),
    allowedPrefixes: fc.subarray(["https://img.acme.com/users/", "https://intranet/users/"]),
    maxLength: mostly(fc.constant(2048), fc.constantFrom(40, 0), 4),
    samlAttribute: fc.constant("http://schemas.auth0.com/picture"),
  },
  { requiredKeys: ["defaultUrl", "gravatar", "social", "allowedHosts", "allowedPrefixes", "maxLength"] },
);

/** A login's event with the settings that decide it. */
export const arbitraryLogin: fc.Arbitrary<[event: unknown, settings: PictureSettings]> = fc.tuple(
  arbitraryEvent,
  arbitrarySettings,
);
