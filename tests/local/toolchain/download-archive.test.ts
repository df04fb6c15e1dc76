import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import type { Environment } from "../../../lib/environment.ts";
import { sha256 } from "../../../lib/hash.ts";
import { createDownloader } from "../../../local/toolchain/download-archive.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import {
  cutting,
  listen,
  serving,
  slow,
  startArchiveServer,
  startProxy,
  type ArchiveServer,
} from "./archive-server.ts";
import { archiveOf, type Archive } from "./archive.ts";

const limits = { connect: 300, silence: 300, pauses: [1, 1, 1] };
const script = `the tool ${randomBytes(2000).toString("hex")}`;

describe("createDownloader", () => {
  const folder = temporaryFolder();
  let server: ArchiveServer;
  let archive: Archive;
  let lines: string[];
  const stops: (() => void)[] = [];

  beforeEach(async () => {
    lines = [];
    server = await startArchiveServer();
    stops.push(server.stop);
    // As releases have it: in a folder.
    archive = archiveOf(folder(), { "tool_1.0/tool": script });
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  const path = "/tool.tar.gz";
  const url = (): string => `${server.url}${path}`;
  const parts = (): string => join(folder(), "parts");
  const partsLeft = (): number[] => readdirSync(parts()).map((name) => statSync(join(parts(), name)).size);
  const ranges = () => server.asked.map(({ range }) => range);

  interface Wanted {
    readonly env?: Environment;
    readonly from?: string;
    readonly pin?: string;
  }

  /** One run; resolves to the folder into which it put the tool. */
  async function download({ env = {}, from = url(), pin = archive.sha256 }: Wanted = {}): Promise<string> {
    const into = mkdtempSync(join(folder(), "target-"));
    const run = createDownloader({ env, parts: parts(), progress: (line) => lines.push(line), limits });
    const wanted = { url: from, sha256: pin, entries: { "bin/tool": "tool_1.0/tool" } };
    await run({ title: "the tool", download: wanted }, into).catch((error: unknown) => {
      assert.equal(existsSync(join(into, "bin")), false, "nothing is unpacked of what failed");
      throw error;
    });
    return into;
  }

  async function assertDownloads(wanted: Wanted = {}): Promise<void> {
    const tool = join(await download(wanted), "bin", "tool");
    assert.equal(readFileSync(tool, "utf8"), script);
    assert.equal(statSync(tool).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(parts()), []);
  }

  describe("checks what arrived:", () => {
    it("refuses a file with another checksum and unpacks nothing of it", async () => {
      server.answers.set(path, serving(archive.content));
      await assert.rejects(download({ pin: "0".repeat(64) }), {
        code: "CHECKSUM_MISMATCH",
        message: new RegExp(
          `^${url()} is not the file .*its SHA-256 is ${archive.sha256}, not 0{64}\\. Either`,
        ),
      });
      assert.deepEqual(partsLeft(), []);
      assert.equal(server.asked.length, 1);
    });

    it("says so when the pinned file is no archive", async () => {
      const text = Buffer.from("plain text");
      server.answers.set(path, serving(text));
      await assert.rejects(download({ pin: sha256(text) }), {
        code: "DOWNLOAD_FAILED",
        message: /could not be unpacked by `tar`: \S/,
      });
    });
  });

  describe("when the connection breaks", () => {
    it("goes on where it broke, as often as something arrives", async () => {
      const third = Math.ceil(archive.content.length / 3);
      server.answers.set(path, cutting(archive.content, third));
      await assertDownloads();
      assert.deepEqual(ranges(), [undefined, `bytes=${third}-`, `bytes=${2 * third}-`]);
      assert.match(lines[0] ?? "", /^\.\.\. the tool: .+; trying again at 0\.0 MB of 0\.0 MB$/);
    });

    it("begins anew at a server that cannot go on", async () => {
      server.answers.set(path, (request, response) => {
        if (server.asked.length === 1) cutting(archive.content, 100)(request, response);
        else response.end(archive.content);
      });
      await assertDownloads();
      assert.deepEqual(ranges(), [undefined, "bytes=100-"]);
    });

    it("gives up when nothing more arrives, and the next run goes on there", async () => {
      server.answers.set(path, (request, response) => {
        if (request.headers.range === undefined) cutting(archive.content, 100)(request, response);
        else response.destroy();
      });
      await assert.rejects(download(), {
        code: "DOWNLOAD_FAILED",
        message: new RegExp(
          `^${server.host} broke off again and again \\(.+\\)\\. The 0\\.0 MB .* run the command again`,
        ),
      });
      assert.deepEqual(partsLeft(), [100]);
      server.answers.set(path, serving(archive.content));
      server.asked.length = 0;
      await assertDownloads();
      assert.deepEqual(ranges(), ["bytes=100-"]);
    });

    it("also when the server only falls silent", async () => {
      server.answers.set(path, (request, response) => {
        if (server.asked.length > 1) {
          serving(archive.content)(request, response);
          return;
        }
        response.writeHead(200, { "content-length": archive.content.length });
        response.write(archive.content.subarray(0, 200));
      });
      await assertDownloads();
      assert.deepEqual(ranges(), [undefined, "bytes=200-"]);
    });
  });

  it("begins anew where what is left of an earlier run belongs to another file", async () => {
    server.answers.set(path, serving(archive.content));
    mkdirSync(parts());
    writeFileSync(join(parts(), `${archive.sha256}.part`), "of something else");
    await assertDownloads();
    assert.deepEqual(ranges(), ["bytes=17-", undefined]);
  });

  it("and where it is longer than the file", async () => {
    server.answers.set(path, (request, response) => {
      if (request.headers.range === undefined) response.end(archive.content);
      else response.writeHead(416).end();
    });
    mkdirSync(parts());
    writeFileSync(join(parts(), `${archive.sha256}.part`), Buffer.alloc(archive.content.length + 1));
    await assertDownloads();
  });

  it("asks for nothing where an earlier run was ended before it unpacked", async () => {
    mkdirSync(parts());
    writeFileSync(join(parts(), `${archive.sha256}.part`), archive.content);
    await assertDownloads();
    assert.deepEqual(server.asked, []);
  });

  it("waits for a slow server as long as something comes", async () => {
    server.answers.set(path, slow(archive.content, 10, 100));
    await assertDownloads();
    assert.match(lines.at(-1) ?? "", /^Downloaded the tool \(0\.0 MB in 1 s\)$/);
  });

  it("asks a busy server again", async () => {
    server.answers.set(path, (request, response) => {
      if (server.asked.length < 3) response.writeHead(503, { "retry-after": "0" }).end();
      else serving(archive.content)(request, response);
    });
    await assertDownloads();
  });

  for (const [status, advice] of [
    [404, "The file is not there"],
    [403, "refuses the download"],
    [503, "Try again later"],
  ] as const) {
    it(`names host, file and status of an answer ${status}, and what it means`, async () => {
      server.answers.set(path, (_, response) => response.writeHead(status).end());
      await assert.rejects(download(), {
        code: "DOWNLOAD_FAILED",
        message: new RegExp(`^${server.host} answered ${status} for ${path}\\. .*${advice}`),
      });
    });
  }

  it("follows a redirection", async () => {
    server.answers.set(path, (_, response) => response.writeHead(302, { location: "/stored" }).end());
    server.answers.set("/stored", serving(archive.content));
    await assertDownloads();
  });

  it("names the host behind a redirection where that one refuses", async () => {
    const behind = await startArchiveServer();
    stops.push(behind.stop);
    server.answers.set(path, (_, response) => response.writeHead(302, { location: `${behind.url}/x` }).end());
    await assert.rejects(download(), {
      message: new RegExp(`^${behind.host}, where ${server.host} leads, answered 404`),
    });
  });

  it("gives a host up soon that does not answer the handshake, and does not ask it twice", async () => {
    const { port, sockets, stop } = await listen(createTcpServer());
    stops.push(stop);
    const run = createDownloader({ env: {}, parts: parts(), progress: () => undefined, limits });
    for (const name of ["a", "b"]) {
      const wanted = { url: `https://127.0.0.1:${port}/${name}`, sha256: "0", entries: {} };
      await assert.rejects(run({ title: "the tool", download: wanted }, folder()), {
        code: "DOWNLOAD_FAILED",
        message: new RegExp(`^127\\.0\\.0\\.1:${port} could not be reached \\(.+\\)`),
      });
    }
    assert.equal(sockets.length, 1);
  });

  it("gives a host up that accepts the request and then says nothing", async () => {
    server.answers.set(path, () => undefined);
    await assert.rejects(download(), { code: "DOWNLOAD_FAILED", message: /could not be reached/ });
  });

  it("says where it could not write", async () => {
    server.answers.set(path, serving(archive.content));
    mkdirSync(join(parts(), `${archive.sha256}.part`), { recursive: true });
    await assert.rejects(download(), {
      code: "DOWNLOAD_FAILED",
      message: /could not be written .*XDG_CACHE_HOME/,
    });
  });

  describe("with a proxy", () => {
    it("asks it, and names it without its password where it refuses", async () => {
      const proxy = await startProxy("407 Proxy Authentication Required");
      stops.push(proxy.stop);
      const env = { HTTPS_PROXY: proxy.url.replace("//", "//me:hush@") };
      await assert.rejects(download({ env, from: "https://downloads.example/x" }), (error: unknown) => {
        assert.ok(error instanceof Error);
        const host = new URL(proxy.url).host;
        assert.match(
          error.message,
          new RegExp(`^downloads\\.example could not be reached through the proxy ${host} `),
        );
        assert.match(error.message, /asks for a login: HTTPS_PROXY=/);
        assert.doesNotMatch(error.message, /hush/);
        return true;
      });
      assert.deepEqual(proxy.asked, ["downloads.example:443"]);
    });

    it("takes one without a scheme, as curl does", async () => {
      const proxy = await startProxy();
      stops.push(proxy.stop);
      server.answers.set(path, serving(archive.content));
      await assertDownloads({ env: { http_proxy: new URL(proxy.url).host } });
      assert.deepEqual(proxy.asked, [server.host]);
    });

    it("goes past it for the hosts of NO_PROXY", async () => {
      const proxy = await startProxy("403 Forbidden");
      stops.push(proxy.stop);
      server.answers.set(path, serving(archive.content));
      await assertDownloads({ env: { HTTP_PROXY: proxy.url, NO_PROXY: "localhost" } });
      assert.deepEqual(proxy.asked, []);
    });
  });
});
