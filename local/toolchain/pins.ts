/** The exact versions of everything the toolchain consists of, and the oldest Go that builds them. */
export const versions = {
  pulumi: "3.259.0",
  /** The last versions of the SDK's Go module that contain the Node language host; newer engines accept it. */
  languageNodejs: "3.68.0",
  auth0Provider: "3.49.0",
  versitygw: "1.8.0",
  go: "1.25.11",
} as const;

const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"] as const;

/** `<process.platform>-<process.arch>`, for the platforms that the toolchain exists for. */
export type Platform = (typeof platforms)[number];

/** Narrows Node's name of a platform to one that the toolchain exists for. */
export function isPlatform(name: string): name is Platform {
  return (platforms as readonly string[]).includes(name);
}

/**
 * SHA-256 of the official release archives, lower-case hex. An archive without one is never downloaded: it is
 * built from its Go module, whose go.sum pins the source. A pin is one line, `"<platform>": "<sha256>"`, taken
 * from the publisher's own checksum list of exactly this version.
 */
export const checksums: Record<
  "pulumi" | "auth0Provider" | "versitygw",
  Readonly<Partial<Record<Platform, string>>>
> = {
  // [unknown]: no copy of pulumi-3.259.0-checksums.txt was within reach when this was written.
  pulumi: {},
  // [unknown]: likewise for the release v3.49.0 of pulumi-auth0.
  auth0Provider: {},
  versitygw: {
    "linux-x64": "2ba2c734d10d2c4e651d03182cb4b246656bc735a2f282db7b0b73fba6073467",
    "linux-arm64": "b34051d33f5a9c457f790896acb7bd7d7e15ad8d92efb70616b924f37e401910",
    "darwin-arm64": "4953096f65a9c0d62ab184fb6b2ba7c2435229205cf00a56cb62cd4bf6b216ca",
    // Seen in one public source only, the other three in two that agree.
    "darwin-x64": "104bd978e80ef0173554cfd8630ccc5bac24b00da440510b60365a3b6b6ab134",
  },
};
