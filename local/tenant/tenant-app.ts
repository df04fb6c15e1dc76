import { parse } from "node:querystring";
import type { FastifyInstance } from "fastify";
import fastify from "fastify";
import { registerExportFiles } from "./management/jobs.ts";
import { managementApi } from "./management/management-api.ts";
import { payloadError } from "./management/payload-error.ts";
import type { Query } from "./management/paging.ts";
import type { ListeningServer, RequestHandler } from "./listen.ts";
import type { RecordingRequestLog } from "./request-log.ts";
import { registerSignup } from "./signup/signup-routes.ts";
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
      customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, verbose: true },
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
  return app;
}

/** The path without its query and without the ids of logins under way. */
function loggedPath(url: string): string {
  const [path = ""] = url.split("?");
  return path.replace(/^\/authorize\/.+$/, "/authorize/:uid");
}

/** JSON, where an empty body is no error, forms, and forms with files as their bytes. */
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
