import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import {
  ensureCertificates,
  type CertificateFiles,
} from "../../../local/certificates/ensure-certificates.ts";

/** What a server was asked for. */
export interface Asked {
  readonly path: string;
  readonly range: string | undefined;
}

/** A server of files on this machine. */
export interface ArchiveServer {
  /** Without a slash at its end; the files are right below. */
  readonly url: string;
  readonly host: string;
  /** By path, such as `/tool.tar.gz`. Anything else answers 404. */
  readonly answers: Map<string, RequestListener>;
  readonly asked: Asked[];
  readonly stop: () => void;
}

/** Over TLS with certificates of `ensureCertificates`, or without. */
export async function startArchiveServer(certificates?: CertificateFiles): Promise<ArchiveServer> {
  const answers: ArchiveServer["answers"] = new Map();
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? "";
    asked.push({ path, range: request.headers.range });
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  };
  const server =
    certificates === undefined
      ? createHttpServer(listener)
      : createServer(
          { cert: readFileSync(certificates.certFile), key: readFileSync(certificates.keyFile) },
          listener,
        );
  const { port, stop } = await listen(server);
  const host = `localhost:${port}`;
  const url = `${certificates === undefined ? "http" : "https"}://${host}`;
  return { url, host, answers, asked, stop };
}

/** A new local authority and a certificate of it. */
export const newCertificates = ensureCertificates;

/** A proxy on this machine that lets everything through to this machine, whatever name is asked for. */
export interface Proxy {
  readonly url: string;
  /** `host:port`, as clients asked for them. */
  readonly asked: string[];
  readonly stop: () => void;
}

/** @param answer The status line's rest for whom it refuses, such as `407 Proxy Authentication Required`. */
export async function startProxy(answer?: string): Promise<Proxy> {
  const asked: string[] = [];
  const server = createHttpServer();
  server.on("connect", (request, socket) => {
    const target = request.url ?? "";
    asked.push(target);
    if (answer !== undefined) {
      socket.end(`HTTP/1.1 ${answer}\r\n\r\n`);
      return;
    }
    const onward = connect(Number(target.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on("error", () => undefined).on("close", () => onward.destroy());
  });
  const { port, stop } = await listen(server);
  return { url: `http://localhost:${port}`, asked, stop };
}

/** Listens on a free port; what is still connected is cut off when it stops. */
export async function listen(server: Server) {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, sockets, stop };
}

/** The whole content, or what is asked for of it. */
export function serving(content: Buffer): RequestListener {
  return (request, response) => {
    beginAnswer(content, request.headers.range, response);
    response.end(content.subarray(startOf(request.headers.range)));
  };
}

/** Cuts the connection after so many bytes, each time; they have the time to arrive. */
export function cutting(content: Buffer, after: number): RequestListener {
  return (request, response) => {
    const rest = content.subarray(startOf(request.headers.range));
    beginAnswer(content, request.headers.range, response);
    if (rest.length <= after) response.end(rest);
    else response.write(rest.subarray(0, after), () => setTimeout(() => response.destroy(), 50));
  };
}

/** In so many pieces, with a pause after each. */
export function slow(content: Buffer, pieces: number, pauseMs: number): RequestListener {
  return (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    const size = Math.ceil(content.length / pieces);
    const send = (start: number) => {
      if (start >= content.length) response.end();
      else
        response.write(content.subarray(start, start + size), () => setTimeout(send, pauseMs, start + size));
    };
    send(0);
  };
}

function beginAnswer(content: Buffer, range: string | undefined, response: ServerResponse): void {
  const start = startOf(range);
  const headers = { "content-length": content.length - start };
  if (start === 0) response.writeHead(200, headers);
  else {
    const part = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { ...headers, "content-range": part });
  }
}

function startOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
}
