import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { parse } from "node:querystring";
import fastify, { type FastifyInstance } from "fastify";
import { ExpectedError } from "../lib/errors.ts";
import { payloadError, type Query } from "./management/answer.ts";
import { bodyFormats } from "./management/body-schema.ts";
import { registerExportFiles } from "./management/jobs.ts";
import { managementApi } from "./management/management-api.ts";
import { registerPasswordChange } from "./password-change-route.ts";
import { registerSignup } from "./signup-routes.ts";
import type { TenantContext } from "./tenant-context.ts";

export interface UnhandledRequest {
  method: string;
  path: string;
}

/** 4 MiB: far above what a body may hold, so that the routes refuse it with Auth0's words and not the server. */
const bodyLimit = 4 * 1024 * 1024;

/**
 * The Fastify instance of a tenant on a server that listens already. It gets ready at the first request: until then
 * routes may still be registered on it. A path that no route knows is answered 501, logged and put into `unhandled`.
 */
export function createTenantApp(
  context: TenantContext,
  listening: ListeningServer,
  requests: RecordingRequestLog,
  unhandled: UnhandledRequest[],
): FastifyInstance {
  const app = fastify({
    serverFactory: (handler: RequestHandler) => {
      listening.server.on("request", (request, response) => {
        app.ready().then(
          () => {
            handler(request, response);
          },
          (cause: unknown) => {
            context.log(`The tenant could not get ready: ${String(cause)}`);
            response.writeHead(500).end();
          },
        );
      });
      return listening.server;
    },
    bodyLimit,
    routerOptions: { maxParamLength: 2000 },
    schemaErrorFormatter: payloadError,
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: false,
        verbose: true,
        allowUnionTypes: true,
        formats: bodyFormats,
      },
    },
  });
  addBodyParsers(app);
  app.addHook("onResponse", (request, reply, done) => {
    const path = loggedPath(request.url);
    requests.record({ method: request.method, path, status: reply.raw.statusCode });
    context.log(`${request.method} ${path} ${reply.raw.statusCode}`);
    done();
  });
  app.setNotFoundHandler((request, reply) => {
    const path = loggedPath(request.url);
    unhandled.push({ method: request.method, path });
    const message = `The local tenant has no route ${request.method} ${path}`;
    context.log(message);
    return reply.code(501).send({ statusCode: 501, error: "Not Implemented", message });
  });
  void app.register(managementApi(context), { prefix: "/api/v2" });
  registerExportFiles(app, context);
  registerSignup(app, context);
  registerPasswordChange(app, context);
  return app;
}

/** The path without its query and without the ids of logins under way. */
function loggedPath(url: string): string {
  const [path = ""] = url.split("?");
  return path.replace(/^\/authorize\/.+$/, "/authorize/:uid");
}

/** JSON, where an empty body is not an error, forms, and forms with files as their bytes. */
function addBodyParsers(app: FastifyInstance): void {
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    if (body.length === 0) {
      done(null, null);
      return;
    }
    try {
      done(null, JSON.parse(body.toString()));
    } catch {
      done(Object.assign(new Error("Invalid request payload JSON format"), { statusCode: 400 }));
    }
  });
  app.addContentTypeParser("multipart/form-data", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      done(null, formFields(body.toString()));
    },
  );
}

/** Each field once: of a repeated one the first counts. */
function formFields(body: string): Record<string, string | undefined> {
  const fields: Query = parse(body);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Both PEM; the paths are absolute or relative to the working directory. */
export interface CertificateFiles {
  /** The server's certificate. */
  certFile: string;
  /** Its private key. */
  keyFile: string;
}

export interface ListeningServer {
  server: Server;
  port: number;
  /** Ends connections that are open, idle or not, and resolves once the port is free. */
  close: () => Promise<void>;
}

/**
 * An https server on 127.0.0.1 that listens already and answers nothing yet: the port has to be known before the issuer
 * is. Rejects with {@link ExpectedError} `port-in-use` or `port-not-allowed`.
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
    return new ExpectedError(
      "port-in-use",
      `Port ${port} of 127.0.0.1 is in use. Stop the program that uses it, or start the tenant with --port <another port>.`,
      { cause },
    );
  }
  if (cause.code === "EACCES") {
    return new ExpectedError(
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

interface LoggedRequest {
  method: string;
  /** Without the query, which may hold codes and emails. */
  path: string;
  status: number;
}

/** What was asked of the tenant, for tests and the page: the latest requests, and counts over all. */
export interface RequestLog {
  /** Oldest first, at most the latest 1,000. */
  entries: () => readonly LoggedRequest[];
  /** How many requests there were since the start, or since {@link clear}: of one method, under one path, or all. */
  count: (filter?: { method?: string; pathPrefix?: string }) => number;
  clear: () => void;
}

interface RecordingRequestLog extends RequestLog {
  record: (request: LoggedRequest) => void;
}

const maxEntries = 1000;

export function createRequestLog(): RecordingRequestLog {
  let entries: LoggedRequest[] = [];
  const counts = new Map<string, number>();
  return {
    entries: () => entries.slice(-maxEntries),
    count: ({ method, pathPrefix = "" } = {}) => {
      let total = 0;
      for (const [key, count] of counts) {
        const [ofMethod = "", path = ""] = key.split(" ");
        if ((method === undefined || ofMethod === method) && path.startsWith(pathPrefix)) total += count;
      }
      return total;
    },
    clear: () => {
      entries = [];
      counts.clear();
    },
    record: (request) => {
      entries.push(request);
      if (entries.length > maxEntries * 2) entries = entries.slice(-maxEntries);
      const key = `${request.method} ${request.path}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };
}
