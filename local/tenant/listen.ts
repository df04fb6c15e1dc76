import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { CertificateFiles } from "../certificates/certificate-files.ts";
import { LocalError } from "../processes/local-error.ts";

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListeningServer {
  server: Server;
  port: number;
  /** Ends connections that are open, idle or not, and resolves once the port is free. */
  close: () => Promise<void>;
}

/**
 * An https server on 127.0.0.1 that listens already and answers nothing yet: the port has to be known before the issuer
 * is. Rejects with {@link LocalError} `port-in-use` or `port-not-allowed`.
 */
export async function listen(port: number, certificates: CertificateFiles): Promise<ListeningServer> {
  const [cert, key] = await Promise.all([
    readFile(certificates.certFile, "utf8"),
    readFile(certificates.keyFile, "utf8"),
  ]);
  const server = createServer({ cert, key });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(listenError(port, cause));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return { server, port: address.port, close: () => closeServer(server) };
}

function listenError(port: number, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "EADDRINUSE") {
    return new LocalError(
      "port-in-use",
      `Port ${port} of 127.0.0.1 is in use. Stop what listens there, or start the tenant with --port <another port>.`,
      { cause },
    );
  }
  if (cause.code === "EACCES") {
    return new LocalError(
      "port-not-allowed",
      `This user may not listen on port ${port}. Start the tenant with --port <1024 or higher>.`,
      { cause },
    );
  }
  return cause;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
