import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../../lib/environment.ts";
import type { CertificateFiles } from "../../../local/certificates/ensure-certificates.ts";
import { toolchainPaths } from "../../../local/toolchain/ensure-toolchain.ts";
import { pluginInstaller } from "../../../local/toolchain/install-plugin.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import {
  cutting,
  newCertificates,
  serving,
  startArchiveServer,
  type ArchiveServer,
} from "./archive-server.ts";
import { archiveOf } from "./archive.ts";
import { writeExecutable } from "./fake-artifact.ts";

const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const path = `/pulumi-resource-auth0-v3.49.0-${platform}.tar.gz`;
const plugin = `#!/bin/sh\n#${randomBytes(50_000).toString("hex")}\n`;

describe("Pulumi's installer of plugins", () => {
  const folder = temporaryFolder();
  let server: ArchiveServer;
  let certificates: CertificateFiles;
  let content: Buffer;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    certificates = await newCertificates(join(folder(), "certificates"));
    server = await startArchiveServer(certificates);
    content = archiveOf(folder(), { "pulumi-resource-auth0": plugin }).content;
    mkdirSync(target());
  });
  afterEach(() => {
    server.stop();
  });

  // Longer than Pulumi takes for all its attempts at a host that answers.
  const silence = 6000;
  const target = (): string => join(folder(), "target");

  function install(changes: Environment = {}, pulumi = toolchainPaths().pulumi): Promise<void> {
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: folder(),
      PICTURES_MIRROR: server.url,
      NODE_EXTRA_CA_CERTS: certificates.caFile,
      ...changes,
    };
    const options = { title: "the plugin", name: "auth0", version: "3.49.0", pulumi, silence };
    const context = { folder: target(), env, progress: (line: string) => lines.push(line) };
    return pluginInstaller(options).install(context);
  }

  const installed = (): string =>
    readFileSync(join(target(), "plugins", "resource-auth0-v3.49.0", "pulumi-resource-auth0"), "utf8");

  it("needs a Pulumi", async () => {
    await assert.rejects(install({}, join(folder(), "missing")), {
      code: "DOWNLOAD_FAILED",
      message: "it needs the Pulumi CLI, which is missing too",
    });
  });

  const broken: Record<string, [(content: Buffer) => Parameters<typeof server.answers.set>[1], RegExp]> = {
    "is not there": [() => (_, response) => response.writeHead(404).end(), /404 HTTP error/],
    "is cut off again and again": [(whole) => cutting(whole, 1000), /unexpected EOF/],
    "is no archive": [() => serving(Buffer.from("<html>")), /uncompressing/],
    "never comes": [() => () => undefined, /nothing arrived for 6 s\. Try again later/],
  };
  for (const [what, [answer, why]] of Object.entries(broken)) {
    it(`names the host and the cause where the archive ${what}`, async () => {
      server.answers.set(path, answer(content));
      await assert.rejects(install(), (error: unknown) => {
        assert.ok(error instanceof Error && "code" in error);
        assert.equal(error.code, "DOWNLOAD_FAILED");
        assert.ok(error.message.startsWith(`from ${server.host}: `), error.message);
        assert.match(error.message, why);
        return true;
      });
    });
  }

  it("names the remedy where it does not trust the certificate", async () => {
    server.answers.set(path, serving(content));
    await assert.rejects(install({ NODE_EXTRA_CA_CERTS: undefined }), {
      message: /certificate signed by unknown authority.*(?:NODE_EXTRA_CA_CERTS|keychain)\.$/,
    });
  });

  it("survives a connection that breaks", async function () {
    // Programs in Go trust nothing but the keychain there.
    if (process.platform === "darwin") this.skip();
    server.answers.set(path, (request, response) => {
      (server.asked.length < 3 ? cutting(content, 1000) : serving(content))(request, response);
    });
    await install();
    assert.equal(installed(), plugin);
  });

  it("installs from the mirror what the engine then finds", async function () {
    if (process.platform === "darwin") this.skip();
    server.answers.set(path, serving(content));
    await install();
    assert.equal(installed(), plugin);
    assert.deepEqual(
      server.asked.map((asked) => asked.path),
      [path],
    );
    assert.match(
      lines[0] ?? "",
      new RegExp(`^Installing the plugin from ${server.host} by \`pulumi plugin install\``),
    );
    assert.match(lines.at(-1) ?? "", /^Installed the plugin in \d+ s$/);
  });

  it("asks Pulumi's own hosts without a mirror, with a home of its own", async () => {
    const pulumi = join(folder(), "pulumi");
    await writeExecutable(pulumi, `#!/bin/sh\necho "error: $* in $PULUMI_HOME"\nexit 1\n`);
    await assert.rejects(install({ PICTURES_MIRROR: undefined }, pulumi), {
      message:
        "from github.com or get.pulumi.com: plugin install resource auth0 v3.49.0 --exact --non-interactive " +
        `--color=never in ${target()}`,
    });
  });
});
