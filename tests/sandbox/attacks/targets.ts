import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What no attempt may reach: files, servers, and whether they were touched. */
export interface Targets {
  /** In each file, and said by each server; it is in no code. */
  readonly secret: string;
  /** What an attempt returns where an act is all there is to show. */
  readonly proof: string;
  /** A Node that every user of the machine may start. */
  readonly node: string;
  /** JavaScript for the attempts: the constants and functions of `Attempt`. */
  readonly prelude: string;
  /** What was touched since the last call, in words; undefined where nothing was. */
  readonly touched: () => string | undefined;
  readonly close: () => Promise<void>;
}

export async function openTargets(): Promise<Targets> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-attack-"));
  // The process may be another user: it is not the mode of a file that must refuse it.
  chmodSync(folder, 0o755);
  const [secret, proof] = [randomUUID(), randomUUID()];
  const out = join(folder, "out");
  mkdirSync(out);
  chmodSync(out, 0o777);
  const file = join(folder, "secret.json");
  // A source map, so that a reader of such finds it, too.
  writeFileSync(file, JSON.stringify({ version: 3, sources: [secret], names: [], mappings: "" }), {
    mode: 0o644,
  });
  writeFileSync(join(folder, "package.json"), "{}", { mode: 0o644 });
  const envFile = join(folder, "env");
  writeFileSync(envFile, `FOUND=${secret}\n`, { mode: 0o644 });
  const [gone, addon] = [join(out, "gone"), join(folder, "addon.node")];
  const keepGone = (): void => {
    writeFileSync(gone, "");
    chmodSync(gone, 0o666);
  };
  keepGone();
  const library = nativeLibrary();
  if (library !== undefined) copyFileSync(library, addon);
  let connections = 0;
  const sockets = new Set<Socket>();
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${secret.length}\r\nConnection: close\r\n\r\n${secret}`;
  const listening = async (where: object): Promise<Server> => {
    const server = createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .on("close", () => sockets.delete(socket))
        .end(answer);
    });
    await new Promise<void>((resolve) => server.listen(where, resolve));
    return server;
  };
  const abstract = `user-pictures-${secret.slice(0, 8)}`;
  const socketPath = join(folder, "socket");
  const servers = await Promise.all([
    listening({ port: 0, host: "127.0.0.1" }),
    listening({ path: socketPath, readableAll: true, writableAll: true }),
    ...(process.platform === "linux" ? [listening({ path: `\0${abstract}` })] : []),
  ]);
  const udp = createSocket("udp4").on("message", () => (connections += 1));
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  const constants = {
    FILE: file,
    ENV_FILE: envFile,
    ADDON: addon,
    OUT: out,
    GONE: gone,
    PORT: (servers[0].address() as AddressInfo).port,
    UDP_PORT: udp.address().port,
    SOCKET: socketPath,
    ABSTRACT: `\0${abstract}`,
    PROOF: proof,
  };
  return {
    secret,
    proof,
    node: nodeForEverybody(folder),
    prelude: `${Object.entries(constants)
      .map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`)
      .join("\n")}\n${helpers}`,
    touched: () => {
      const left = readdirSync(out);
      const words = [
        ...(connections > 0 ? [`${connections} connections or packets reached a server`] : []),
        ...left.filter((name) => name !== "gone").map((name) => `it made ${name}`),
        ...(left.includes("gone") ? [] : ["it deleted a file"]),
      ];
      connections = 0;
      for (const name of left) rmSync(join(out, name), { recursive: true, force: true });
      keepGone();
      return words.length === 0 ? undefined : words.join(", ");
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await new Promise<void>((resolve) => udp.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The process may be a user who cannot enter the folder of this Node, such as a version manager's in root's home. */
function nodeForEverybody(folder: string): string {
  const { execPath } = process;
  const isOpen = (path: string): boolean =>
    (statSync(path).mode & 0o001) !== 0 && (path === dirname(path) || isOpen(dirname(path)));
  if (isOpen(execPath)) return execPath;
  const copy = join(folder, "node");
  copyFileSync(execPath, copy);
  chmodSync(copy, 0o755);
  return copy;
}

/** Functions of every attempt. */
const helpers = `
const read = (fs) => fs.readFileSync(FILE, "utf8");
const useProcess = (own) => {
  const tries = [
    () => read(own.getBuiltinModule("fs")),
    () => read(own.mainModule.require("fs")),
    () => own.binding("fs").readFileUtf8(FILE, 0),
    () => JSON.stringify(own.binding("fs").internalModuleReadJSON(FILE)),
    () => own.binding("natives") && own.kill(own.ppid, 0) && PROOF,
  ];
  const failures = [];
  for (const attempt of tries) {
    try { return attempt(); } catch (error) { failures.push(error.message); }
  }
  throw new Error(failures.join("; "));
};
const heard = (socket) => new Promise((resolve, reject) => {
  let text = "";
  socket.on("data", (chunk) => { text += chunk; if (text.includes("\\r\\n\\r\\n")) resolve(text); });
  socket.on("error", reject);
  socket.on("close", () => resolve(text));
});
`;

/** A library of the system: that it does not register itself as an addon is said once its code has run. */
function nativeLibrary(): string | undefined {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: readonly string[] };
  return sharedObjects.find((path) => /\/lib(m|dl)[.-][^/]*so/.test(path) && existsSync(path));
}
