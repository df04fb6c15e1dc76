import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import type { CertificateFiles } from "../../local/certificates/ensure-certificates.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import { versions } from "../../local/toolchain/pins.ts";
import {
  cutting,
  newCertificates,
  serving,
  startArchiveServer,
  startProxy,
  type ArchiveServer,
} from "../local/toolchain/archive-server.ts";
import { builtArchives, type BuiltArchives } from "../local/toolchain/built-archives.ts";

const withChecksums = join(projectRoot, "tests/local/toolchain/with-checksums.ts");
const port = 28_743;

interface Result {
  readonly code: number | null;
  readonly output: string;
}

describe("the toolchain, with archives made of what is installed, an empty home and no Go on the path", function () {
  this.timeout(300_000);
  let folder: string;
  let certificates: CertificateFiles;
  let archives: BuiltArchives;
  let server: ArchiveServer;
  let home: string;
  /** Node, and what every system has. */
  let path: string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-toolchain-"));
    certificates = await newCertificates(join(folder, "certificates"));
    archives = builtArchives(folder);
    // Beside Node there may be all that the user has, such as Go.
    path = [join(folder, "node"), systemWithoutTools(join(folder, "system"))];
    mkdirSync(join(folder, "node"));
    symlinkSync(process.execPath, join(folder, "node", "node"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    home = mkdtempSync(join(folder, "home-"));
    server = await startArchiveServer(certificates);
    for (const { fileName, content } of Object.values(archives)) {
      server.answers.set(`/mirror/${fileName}`, serving(content));
    }
  });
  afterEach(() => {
    server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs a program of the project, which takes the archives for the official ones. */
  function run(
    program: string,
    args: readonly string[] = [],
    changes: NodeJS.ProcessEnv = {},
  ): Promise<Result> {
    const checksums = JSON.stringify({
      pulumi: archives.pulumi.sha256,
      versitygw: archives.versitygw.sha256,
    });
    const child = spawn(
      process.execPath,
      ["--require", typescriptLoader, withChecksums, checksums, join(projectRoot, program), ...args],
      {
        cwd: projectRoot,
        env: {
          HOME: home,
          PATH: path.join(delimiter),
          PICTURES_MIRROR: `${server.url}/mirror`,
          NODE_EXTRA_CA_CERTS: certificates.caFile,
          ...changes,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });
  }

  const getToolchain = (changes?: NodeJS.ProcessEnv, ...args: string[]) =>
    run("local/toolchain/main.ts", args, changes);

  function npmStart(changes?: NodeJS.ProcessEnv, ...args: string[]): Promise<Result> {
    const world = join(home, "world");
    return run("local/start.ts", ["--exit", "--port", String(port), "--folder", world, ...args], changes);
  }

  /** What is in the cache, but what it keeps to go on with. */
  function cached(): string[] {
    const cache = join(home, ".cache", "auth0-user-pictures");
    const [toolchain = ""] = existsSync(cache)
      ? readdirSync(cache).filter((name) => name.startsWith("toolchain-"))
      : [];
    const names = readdirSync(join(cache, toolchain), { recursive: true, encoding: "utf8" });
    return names.filter((name) => !name.startsWith("downloads"));
  }

  const asked = () => server.asked.map((request) => request.path);

  it("is downloaded from the mirror, and `npm start -- --exit` works with it within a minute", async () => {
    const started = performance.now();
    const { code, output } = await npmStart();
    assert.equal(code, 0, output);
    assert.ok(performance.now() - started < 60_000, output);
    assert.deepEqual(
      asked().sort(),
      Object.values(archives)
        .map(({ fileName }) => `/mirror/${fileName}`)
        .sort(),
    );
    assert.match(output, /Downloaded the Pulumi CLI .* \(\d+ MB in /);
    assert.equal(existsSync(join(home, ".pulumi")), false);
  });

  describe("with a Pulumi on the path", () => {
    it("uses that for `npm start -- --exit`, says so in one line, and downloads no other", async () => {
      const own = [dirname(toolchainPaths().pulumi), ...path].join(delimiter);
      const { code, output } = await npmStart({ PATH: own });
      assert.equal(code, 0, output);
      assert.deepEqual(
        output.split("\n").filter((line) => line.includes("your own Pulumi")),
        [
          `Using your own Pulumi ${versions.pulumi}, ${toolchainPaths().pulumi}, with a PULUMI_HOME of ours (--pinned: not).`,
        ],
      );
      assert.ok(!asked().includes(`/mirror/${archives.pulumi.fileName}`));
      assert.equal(existsSync(join(home, ".pulumi")), false);
    });

    it("does not with --pinned", async () => {
      const own = [dirname(toolchainPaths().pulumi), ...path].join(delimiter);
      const { code, output } = await getToolchain({ PATH: own }, "--pinned");
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /own Pulumi/);
      assert.ok(asked().includes(`/mirror/${archives.pulumi.fileName}`));
    });
  });

  it("refuses an option that `npm run toolchain` does not have", async () => {
    const { code, output } = await getToolchain({}, "--pined");
    assert.equal(code, 3);
    assert.match(output, /--pined.*Usage: npm run toolchain.*\[bad-usage\]/s);
  });

  it("comes through a proxy, with the certificate of the company's own authority", async () => {
    const proxy = await startProxy();
    try {
      const { code, output } = await getToolchain({ HTTPS_PROXY: proxy.url });
      assert.equal(code, 0, output);
      assert.ok(proxy.asked.includes(server.host));
    } finally {
      proxy.stop();
    }
  });

  it("is downloaded once by two runs at the same time", async () => {
    const results = await Promise.all([getToolchain(), getToolchain()]);
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0],
    );
    assert.equal(asked().length, 3);
    assert.match(results.map(({ output }) => output).join(), /Another process is installing the toolchain/);
  });

  describe("when a download is broken", () => {
    type Break = () => NodeJS.ProcessEnv | undefined;
    const set = (
      part: keyof BuiltArchives,
      make: (content: Buffer) => Parameters<typeof server.answers.set>[1],
    ) => {
      const { fileName, content } = archives[part];
      server.answers.set(`/mirror/${fileName}`, make(content));
      return undefined;
    };
    /** How, and what the message says besides the host: the part, the cause and the remedy. */
    const cases: Record<string, [breakIt: Break, ...says: RegExp[]]> = {
      "the archive is another one": [
        () => set("pulumi", () => serving(Buffer.from("<html>Log in</html>"))),
        /Pulumi CLI 3\.\d+\.\d+ with .*\n *download: .*its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}\..*login page/,
      ],
      "the connection breaks again and again": [
        () =>
          set("pulumi", (content) => (request, response) => {
            if (request.headers.range === undefined) cutting(content, 1000)(request, response);
            else response.destroy();
          }),
        /Pulumi CLI .*\n *download: .* broke off again and again \(.+\)\. The .* arrived are kept: run the command again/,
      ],
      "the archive is not there": [
        () => set("versitygw", () => (_, response) => response.writeHead(404).end()),
        /S3 server versitygw .*\n *download: .* answered 404 for \/mirror\/versitygw_.*The file is not there\./,
      ],
      "the provider's archive is not there": [
        () => set("auth0Provider", () => (_, response) => response.writeHead(404).end()),
        /Auth0 provider plugin .*\n *pulumi plugin install: from .* 404 HTTP error/,
      ],
      "the certificate is not trusted": [
        () => ({ NODE_EXTRA_CA_CERTS: "" }),
        /S3 server .*\n *download: .*could not be reached \(.*\)\. .*NODE_EXTRA_CA_CERTS/,
        /Pulumi CLI/,
        /Auth0 provider plugin .*\n *pulumi plugin install: it needs the Pulumi CLI, which is missing too/,
      ],
      "nothing listens there": [
        () => ({ PICTURES_MIRROR: "https://localhost:28742/mirror" }),
        /S3 server .*\n *download: localhost:28742 could not be reached \(.*ECONNREFUSED/,
      ],
    };
    for (const [what, [breakIt, ...says]] of Object.entries(cases)) {
      it(`because ${what}, says part, host, cause and remedy, leaves nothing half-installed, and works the next time`, async () => {
        const { code, output } = await getToolchain(breakIt());
        assert.equal(code, 1, output);
        const message = output.slice(output.indexOf("The toolchain is incomplete."));
        for (const text of [
          /localhost:\d+/,
          /Go is not installed/,
          /make sure that https:.* docs\/toolchain\.md/,
          ...says,
        ]) {
          assert.match(message, text);
        }
        assert.match(message, /install Go 1\.\d+\.\d+ or newer .*\[TOOLCHAIN_INCOMPLETE\]\n$/s);
        for (const name of cached()) assert.doesNotMatch(name, /preparing|\.part|\.new|lock/);

        for (const { fileName, content } of Object.values(archives)) {
          server.answers.set(`/mirror/${fileName}`, serving(content));
        }
        const next = await getToolchain();
        assert.equal(next.code, 0, next.output);
        assert.match(next.output, /Pulumi CLI .*: (?:already there|downloaded)/);
      });
    }
  });

  it("says both ways in one message where there is neither network nor Go", async () => {
    // Nothing listens behind this proxy, so that no host can be reached.
    const { code, output } = await getToolchain({ PICTURES_MIRROR: "", HTTPS_PROXY: "http://127.0.0.1:9" });
    assert.equal(code, 1);
    const message = output.slice(output.indexOf("The toolchain is incomplete."));
    assert.match(message, /github\.com could not be reached through the proxy 127\.0\.0\.1:9 \(/);
    assert.match(
      message,
      /let this machine reach github\.com and get\.pulumi\.com .*HTTPS_PROXY.*NODE_EXTRA_CA_CERTS/,
    );
    assert.match(message, /set PICTURES_MIRROR: docs\/toolchain\.md/);
    assert.match(message, /install Go 1\.\d+\.\d+ or newer/);
  });

  it("is built with Go where there is one and no network, as the last way", async () => {
    // In place of Go: what it would build is here already.
    const built = toolchainPaths();
    const go = `#!/bin/sh
case "$1" in version) echo "go version go1.99.0 x/y"; exit;; esac
while [ "$1" != -o ]; do shift; done
case "$2" in
  */plugins/*) cp '${built.home}/plugins/resource-auth0-v${versions.auth0Provider}/pulumi-resource-auth0' "$2";;
  *) echo 'echo built' > "$2"; chmod 755 "$2";;
esac
`;
    const folderOfGo = join(home, "go");
    mkdirSync(folderOfGo);
    writeFileSync(join(folderOfGo, "go"), go, { mode: 0o755 });
    const env = {
      PATH: [folderOfGo, ...path].join(delimiter),
      PICTURES_MIRROR: "",
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    const { code, output } = await getToolchain(env);
    assert.equal(code, 0, output);
    assert.equal(output.match(/: built from its Go module$/gm)?.length, 3);
    assert.match(output, /versitygw .*: not downloaded: github\.com could not be reached/);
  });
});

/** The system's commands; GitHub's machines have Go among them, and some people Pulumi. */
function systemWithoutTools(folder: string): string {
  mkdirSync(folder);
  for (const place of ["/usr/bin", "/bin"]) {
    for (const name of readdirSync(place)) {
      const link = join(folder, name);
      if (
        !/^(?:go|gofmt|node|pulumi.*)$/.test(name) &&
        lstatSync(link, { throwIfNoEntry: false }) === undefined
      )
        symlinkSync(join(place, name), link);
    }
  }
  return folder;
}
