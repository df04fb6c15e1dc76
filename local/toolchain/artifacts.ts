import { chmod, copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Artifact, Download } from "./artifact.ts";
import { buildGo, type GoCommand } from "./build-go.ts";
import { pluginInstaller } from "./install-plugin.ts";
import { checksums, type Platform, versions } from "./pins.ts";

const cli = "bin/pulumi";
const languageHost = "bin/pulumi-language-nodejs";
/** The host behind its launcher, where it was built: see launcher/pulumi-language-nodejs. */
const builtLanguageHost = "bin/pulumi-language-nodejs-host";
const dynamicLauncher = "bin/pulumi-resource-pulumi-nodejs";
const auth0Plugin = `plugins/resource-auth0-v${versions.auth0Provider}/pulumi-resource-auth0`;
const s3Server = "bin/versitygw";
const sdkVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Everything that the toolchain consists of on this platform, in the order of installation.
 *
 * @param pulumi The CLI that installs plugins: the toolchain's own, or the user's.
 */
export function toolchainArtifacts(platform: Platform, pulumi: string): readonly Artifact[] {
  return [s3ServerArtifact(platform), pulumiArtifact(platform), auth0ProviderArtifact(platform, pulumi)];
}

/** The part of the toolchain that the user's own may stand in for. */
export function pulumiArtifact(platform: Platform): Artifact {
  return {
    id: "pulumi",
    title: `the Pulumi CLI ${versions.pulumi} with its Node language host`,
    files: [cli, languageHost, builtLanguageHost, dynamicLauncher],
    ...pinnedDownload(checksums.pulumi[platform], {
      url: `https://get.pulumi.com/releases/sdk/pulumi-v${versions.pulumi}-${platform}.tar.gz`,
      entries: {
        [cli]: "pulumi/pulumi",
        [languageHost]: "pulumi/pulumi-language-nodejs",
        [dynamicLauncher]: "pulumi/pulumi-resource-pulumi-nodejs",
      },
    }),
    build: async (context) => {
      await buildGo(pulumiCommand, context);
      await buildGo(languageHostCommand, context);
      for (const launcher of [languageHost, dynamicLauncher]) {
        const target = join(context.folder, launcher);
        await mkdir(dirname(target), { recursive: true });
        await copyFile(join(__dirname, "launcher", basename(launcher)), target);
        await chmod(target, 0o755);
      }
    },
  };
}

const pulumiCommand: GoCommand = {
  title: `the Pulumi CLI ${versions.pulumi}`,
  module: "pulumi",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  variables: { [sdkVersion]: `v${versions.pulumi}` },
  output: cli,
  minutes: 5,
};

const languageHostCommand: GoCommand = {
  title: "Pulumi's Node language host",
  // A module of its own: the newest SDK that contains the host, and a module has one version of the SDK.
  module: "language-nodejs",
  package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  variables: { [sdkVersion]: `v${versions.languageNodejs}` },
  output: builtLanguageHost,
  minutes: 1,
};

function auth0ProviderArtifact(platform: Platform, pulumi: string): Artifact {
  const title = `the Auth0 provider plugin ${versions.auth0Provider}`;
  return {
    id: "auth0-provider",
    title,
    files: [auth0Plugin],
    ...pinnedDownload(checksums.auth0Provider[platform], {
      url:
        `https://github.com/pulumi/pulumi-auth0/releases/download/v${versions.auth0Provider}/` +
        `pulumi-resource-auth0-v${versions.auth0Provider}-${goPlatform(platform)}.tar.gz`,
      entries: { [auth0Plugin]: "pulumi-resource-auth0" },
    }),
    installer: pluginInstaller({ title, name: "auth0", version: versions.auth0Provider, pulumi }),
    build: (context) =>
      buildGo(
        {
          title,
          module: "auth0-provider",
          package: ".",
          variables: { "main.version": versions.auth0Provider },
          output: auth0Plugin,
          minutes: 4,
        },
        context,
      ),
  };
}

function s3ServerArtifact(platform: Platform): Artifact {
  const name = `versitygw_v${versions.versitygw}_${versitygwPlatforms[platform]}`;
  return {
    id: "versitygw",
    title: `the S3 server versitygw ${versions.versitygw}`,
    files: [s3Server],
    ...pinnedDownload(checksums.versitygw[platform], {
      url: `https://github.com/versity/versitygw/releases/download/v${versions.versitygw}/${name}.tar.gz`,
      entries: { [s3Server]: `${name}/versitygw` },
    }),
    build: (context) =>
      buildGo(
        {
          title: `the S3 server versitygw ${versions.versitygw}`,
          module: "versitygw",
          package: "github.com/versity/versitygw/cmd/versitygw",
          variables: { "main.Version": versions.versitygw },
          output: s3Server,
          minutes: 2,
        },
        context,
      ),
  };
}

const versitygwPlatforms: Readonly<Record<Platform, string>> = {
  "linux-x64": "Linux_x86_64",
  "linux-arm64": "Linux_arm64",
  "darwin-x64": "Darwin_x86_64",
  "darwin-arm64": "Darwin_arm64",
};

function goPlatform(platform: Platform): string {
  return platform.replace("x64", "amd64");
}

/** Nothing unpinned is ever downloaded. */
function pinnedDownload(
  sha256: string | undefined,
  archive: Omit<Download, "sha256">,
): { readonly download?: Download } {
  return sha256 === undefined ? {} : { download: { ...archive, sha256 } };
}
