import fc from "fast-check";
import { restatedFingerprint } from "./restatement.ts";

/**
 * Users at whom a copy is noted: often of the root picture as it is, sometimes of what a provider signed another time or of another
 * root picture, and sometimes something that is no copy.
 *
 * @param odd What no copy should be.
 */
export function withCopy(
  profile: fc.Arbitrary<{ readonly picture?: unknown }>,
  odd: fc.Arbitrary<unknown>,
): fc.Arbitrary<object> {
  const url = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<unknown>(...copyUrls) },
    { weight: 1, arbitrary: odd },
  );
  const copied = fc
    .tuple(profile, fc.option(signedUrl, { freq: 3, nil: undefined }), fc.constantFrom(...copiedTexts), url)
    .map(([user, signed, copiedText, copyUrl]) => {
      const root = signed ?? user.picture;
      const text = typeof root === "string" && root.length < 100_000 ? root : "";
      const picture_copy = { of: restatedFingerprint(copiedText(text)), url: copyUrl };
      return { ...user, picture: root, app_metadata: { picture_copy } };
    });
  const noCopy = fc.oneof(
    odd,
    fc.record({ of: odd, url: fc.constantFrom(...copyUrls) }, { requiredKeys: [] }),
  );
  const odder = fc
    .tuple(profile, noCopy)
    .map(([user, picture_copy]) => ({ ...user, app_metadata: { picture_copy } }));
  return fc.oneof({ weight: 3, arbitrary: copied }, { weight: 1, arbitrary: odder });
}

const copiedTexts: readonly ((root: string) => string)[] = [
  (root) => root,
  (root) => root,
  (root) => `${root}&e=7&X-Amz-Date=8&oh=9`,
  (root) => `${root}a`,
];

/** What a provider signs anew, of the hosts that are known for it and of others. */
const signedUrl = fc
  .tuple(
    fc.constantFrom(
      ...[
        "platform-lookaside.fbsbx.com",
        "scontent-fra3-1.xx.fbcdn.net",
        "media.licdn.com",
        "tvax3.sinaimg.cn",
      ],
      ...[
        "LOOKASIDE.facebook.com",
        "pics.dev",
        "evilfbcdn.net",
        "media.licdn.com.evil.io",
        "s3.amazonaws.com",
      ],
    ),
    fc.array(
      fc.constantFrom(
        ...[
          "asid=1",
          "ext=1",
          "EXT=2",
          "hash=a",
          "hash",
          "oh=1",
          "oe=2",
          "_nc_cat=3",
          "_nc_=",
          "stp=4",
          "e=1",
        ],
        ...[
          "v=beta",
          "t=x",
          "type=t",
          "KID=1",
          "Expires=2",
          "ssig=3",
          "X-Amz-Date=1",
          "x-amz-signature",
          "x-amz",
        ],
        ...["X-Goog-Date=2", "x-expires=1", "x-signature=2", "x-expires", "", "?e=1", "e=1#t=2"],
      ),
      { maxLength: 6 },
    ),
  )
  .map(([host, parameters]) => `https://${host}/a.png?${parameters.join("&")}`);

const copyUrls = [
  ...[
    "https://img.acme.com/users/9c/5e.png",
    "https://intranet/users/a.png",
    "http://img.acme.com/users/a.png",
  ],
  ...[
    "https://img.acme.com/users/../a.png",
    "https://img.acme.com/a.png",
    " https://img.acme.com/users/ä.png",
  ],
  ...["https://u@img.acme.com/users/a.png", "//img.acme.com/users/a.png", ""],
];
