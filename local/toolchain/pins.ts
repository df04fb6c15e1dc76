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
 * SHA-256 of the official release archives, lower-case hex. We never download an archive without one: Pulumi's installer gets it,
 * or it is built from its Go module, whose go.sum pins the source. A pin is one line, `"<platform>": "<sha256>"`, taken from the
 * publisher's own checksum list of exactly this version: docs/toolchain.md.
 */
export const checksums: Record<
  "pulumi" | "auth0Provider" | "versitygw",
  Readonly<Partial<Record<Platform, string>>>
> = {
  // From the publisher's Homebrew tap: github.com/pulumi/homebrew-tap, commit 51fb494.
  pulumi: {
    "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
    "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
  },
  // [unknown]: the release's own list has SHA-1 sums only.
  auth0Provider: {},
  versitygw: {
    "linux-x64": "2ba2c734d10d2c4e651d03182cb4b246656bc735a2f282db7b0b73fba6073467",
    "linux-arm64": "b34051d33f5a9c457f790896acb7bd7d7e15ad8d92efb70616b924f37e401910",
    "darwin-arm64": "4953096f65a9c0d62ab184fb6b2ba7c2435229205cf00a56cb62cd4bf6b216ca",
    // Seen in one public source only, the other three in two that agree.
    "darwin-x64": "104bd978e80ef0173554cfd8630ccc5bac24b00da440510b60365a3b6b6ab134",
  },
};

/** A release of Node that the tests are tried with, and npm's packages that bring it. */
export interface PinnedNode {
  readonly version: string;
  /** Of the platform's package, as package-lock.json has it. Where it is missing, npm compares with what the registry says. */
  readonly integrity: Readonly<Partial<Record<Platform, string>>>;
}

/** By major version: what `npm run test-node -- MAJOR` takes. Node 20.19, the oldest that works, is not among them. */
export const nodes = {
  "22": {
    version: "22.23.2",
    integrity: {
      "linux-x64":
        "sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==",
      "linux-arm64":
        "sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==",
      "darwin-x64":
        "sha512-m8GM15XCdX23F94xE/jewPbz/aiZ0qUsAtaoWAosxNR3Yh9s1IjGH4q7RQOqab5ZQkoU4fDDyzb0leHex4JVZQ==",
      "darwin-arm64":
        "sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==",
    },
  },
  "24": {
    version: "24.21.0",
    // [unknown] for macOS.
    integrity: {
      "linux-x64":
        "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
      "linux-arm64":
        "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    },
  },
  "26": {
    version: "26.10.0",
    integrity: {
      "linux-x64":
        "sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
      "linux-arm64":
        "sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==",
      "darwin-x64":
        "sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==",
      "darwin-arm64":
        "sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
    },
  },
} as const satisfies Readonly<Record<string, PinnedNode>>;
