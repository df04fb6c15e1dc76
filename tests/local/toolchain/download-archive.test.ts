import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Download } from "../../../local/toolchain/artifact.ts";
import { createDownloader } from "../../../local/toolchain/download-archive.ts";
import { sha256Of } from "../../../local/toolchain/install-artifact.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const timeouts = { connect: 300, silence: 300 };

describe("createDownloader", () => {
  const folder = temporaryFolder();
  let servers: Server[];
  let sockets: Socket[];

  beforeEach(() => {
    servers = [];
    sockets = [];
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.on("connection", (socket: Socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  async function serve(handler: RequestListener): Promise<string> {
    return `http://127.0.0.1:${await listen(createServer(handler))}/tool.tar.gz`;
  }

  /** An archive with one executable in a folder, as releases have it. */
  async function archive(): Promise<{ content: Buffer; sha256: string }> {
    const source = join(folder(), "source");
    mkdirSync(join(source, "tool_1.0"), { recursive: true });
    writeFileSync(join(source, "tool_1.0", "tool"), "the tool");
    const path = join(folder(), "tool.tar.gz");
    execFileSync("tar", ["-czf", path, "-C", source, "tool_1.0"]);
    return { content: readFileSync(path), sha256: await sha256Of(path) };
  }

  function target(): string {
    const path = join(folder(), "target");
    mkdirSync(path);
    return path;
  }

  const wanted = (url: string, sha256: string): Download => ({
    url,
    sha256,
    entries: { "bin/tool": "tool_1.0/tool" },
  });

  it("refuses a file with another checksum and unpacks nothing of it", async () => {
    const { content, sha256 } = await archive();
    const url = await serve((_, response) => response.end(content));
    const into = target();
    await assert.rejects(createDownloader({}, timeouts)(wanted(url, "0".repeat(64)), into), {
      code: "CHECKSUM_MISMATCH",
      message: new RegExp(`its SHA-256 is ${sha256}, not 0{64}`),
    });
    assert.equal(existsSync(join(into, "bin")), false);
  });

  it("refuses a file that arrives cut off", async () => {
    const { content, sha256 } = await archive();
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 50), () => response.destroy());
    });
    const downloading = createDownloader({}, timeouts)(wanted(url, sha256), target());
    await assert.rejects(downloading, { code: "DOWNLOAD_FAILED" });
  });

  it("names the address and the status of an answer that is no file", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    const downloading = createDownloader({}, timeouts)(wanted(url, "0"), target());
    await assert.rejects(downloading, { code: "DOWNLOAD_FAILED", message: `${url} answered 404` });
  });

  it("gives a host up soon that does not answer the handshake, and does not ask it twice", async () => {
    const port = await listen(createTcpServer());
    const download = createDownloader({}, timeouts);
    const into = target();
    for (const path of ["a", "b"]) {
      await assert.rejects(download(wanted(`https://127.0.0.1:${port}/${path}`, "0"), into), {
        code: "DOWNLOAD_FAILED",
        message: new RegExp(`127\\.0\\.0\\.1:${port} could not be reached`),
      });
    }
    assert.equal(sockets.length, 1);
  });

  it("gives a host up that accepts the request and then says nothing", async () => {
    const url = await serve(() => undefined);
    const downloading = createDownloader({}, timeouts)(wanted(url, "0"), target());
    await assert.rejects(downloading, { code: "DOWNLOAD_FAILED" });
  });

  it("says so when the pinned archive is no archive", async () => {
    writeFileSync(join(folder(), "plain"), "plain text");
    const url = await serve((_, response) => response.end("plain text"));
    const pinned = wanted(url, await sha256Of(join(folder(), "plain")));
    await assert.rejects(createDownloader({}, timeouts)(pinned, target()), {
      code: "DOWNLOAD_FAILED",
      message: /could not be unpacked/,
    });
  });

  it("puts the executables of the pinned archive where they belong, over a redirection", async () => {
    const { content, sha256 } = await archive();
    const url = await serve((request, response) => {
      if (request.url === "/stored") response.end(content);
      else response.writeHead(302, { location: "/stored" }).end();
    });
    const into = target();
    await createDownloader({}, timeouts)(wanted(url, sha256), into);
    assert.equal(readFileSync(join(into, "bin", "tool"), "utf8"), "the tool");
    assert.equal(statSync(join(into, "bin", "tool")).mode & 0o777, 0o755);
  });

  it("asks the proxy that the environment names", async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };
    const downloading = createDownloader(env, timeouts)(wanted("https://downloads.example/x", "0"), target());
    await assert.rejects(downloading, { code: "DOWNLOAD_FAILED" });
    assert.deepEqual(asked, ["downloads.example:443"]);
  });
});
