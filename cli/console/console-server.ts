import formbody from "@fastify/formbody";
import multipart from "@fastify/multipart";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { describeFailure, ExpectedError } from "../../lib/errors.ts";
import { markup } from "../../lib/html.ts";
import { standardError } from "../../lib/terminal-output.ts";
import { terminalBlock } from "../../lib/terminal-text.ts";
import { originalLimits } from "../image/image-format.ts";
import { browserScript } from "./browser-script.ts";
import { createChangesUnderWay } from "./changes-under-way.ts";
import type { ConsoleContext } from "./console-context.ts";
import { consoleErrorPage } from "./console-page.ts";
import { createConsolePictures, type LoadPicture } from "./console-pictures.ts";
import { guard, hostOf, plainPage, refuse, sendPage } from "./guard.ts";
import { createOpaqueKeys } from "./opaque-keys.ts";
import { startPictureServer } from "./picture-server.ts";
import { createSession, entrancePath, type Session } from "./session.ts";

/** Adds the routes of one place of the console, below its base. */
export type ConsoleRoutes = (app: FastifyInstance, context: ConsoleContext) => void;

export interface ConsoleServerOptions extends Pick<
  ConsoleContext,
  "stack" | "env" | "people" | "reasons" | "discourse"
> {
  /** 0 for a free one. */
  readonly port: number;
  readonly routes: readonly ConsoleRoutes[];
  /** How long it may be left alone, in milliseconds; then `onIdle` is called. */
  readonly idleMs: number;
  readonly onIdle: () => void;
  /** Gets the file behind a picture's address, where that is not done as `createConsolePictures` does it. */
  readonly load?: LoadPicture;
}

export interface ConsoleServer {
  /** The one-time address. */
  readonly url: string;
  /** Resolves when the changes that it was asked for are done; what it reads for pages may still be under way. */
  readonly close: () => Promise<void>;
}

/**
 * The console's server on 127.0.0.1. It answers to nobody but the browser that opened the one-time address.
 *
 * @throws ExpectedError `port-in-use`.
 */
export async function startConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const { stack, env, people, reasons, discourse, routes } = options;
  const session = createSession();
  const pictures = createConsolePictures(people, options.load);
  const pictureServer = await startPictureServer(session, pictures);
  const context: ConsoleContext = {
    base: session.base,
    stack,
    env,
    people,
    reasons,
    discourse,
    changes: createChangesUnderWay(),
    users: createOpaqueKeys(),
    pictures,
    pictureOrigin: pictureServer.origin,
    pictureAddress: pictureServer.addressOf,
  };
  const app = fastify({ bodyLimit: originalLimits.bytes + 64 * 1024, forceCloseConnections: true });
  const idle = watchIdle(options);
  await addBodyParsers(app);
  guard(app, { session, onUse: idle.used, shownBy: "same-origin" });
  handleErrors(app, context);
  app.get<{ Params: { token: string } }>(`${entrancePath}:token`, ({ params }, reply) =>
    enter(session, params.token, reply),
  );
  await app.register(
    (pages, _options, done) => {
      pages.get<{ Params: { name: string } }>("/script/:name", ({ params }, reply) => {
        const script = browserScript(params.name);
        if (script === undefined) {
          reply.callNotFound();
          return reply;
        }
        return reply.type("text/javascript; charset=utf-8").send(script);
      });
      for (const addRoutes of routes) addRoutes(pages, context);
      done();
    },
    { prefix: session.base },
  );
  const close = async (): Promise<void> => {
    idle.stop();
    await Promise.all([app.close(), pictureServer.close()]);
    await context.changes.done();
  };
  try {
    await listen(app, options.port);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://${hostOf(app)}${session.entrance}`, close };
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: "127.0.0.1", port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
    const why = code === "EACCES" ? "may not be used by this user" : "is in use";
    throw new ExpectedError(
      "port-in-use",
      `Port ${port} ${why}. Choose another one with --port, or leave it out.`,
    );
  }
}

/**
 * Sets the cookie. A browser that came from another site does not send it along with a redirect that follows, so the page itself
 * leads on.
 */
function enter(session: Session, token: string, reply: FastifyReply): FastifyReply {
  const cookie = session.enter(token);
  if (cookie === undefined) {
    return refuse(
      reply,
      401,
      "This address was used already, or is not right. Start pictures console again for a new one.",
    );
  }
  const next = `${session.base}/`;
  const main = markup`<p><a href="${next}">Go to the console</a></p>`;
  return sendPage(
    reply.header("set-cookie", cookie).header("refresh", `0;url=${next}`),
    plainPage("Opening the console", main),
  );
}

/** JSON comes by itself; of a form each field, and files as their bytes. */
async function addBodyParsers(app: FastifyInstance): Promise<void> {
  await app.register(formbody);
  await app.register(multipart, {
    attachFieldsToBody: "keyValues",
    limits: { fileSize: originalLimits.bytes, files: 1, fields: 20 },
  });
}

function handleErrors(app: FastifyInstance, context: ConsoleContext): void {
  app.setNotFoundHandler((_request, reply) =>
    sendPage(
      reply,
      consoleErrorPage(context, "There is no such page. It may be of an earlier run of the console."),
      404,
    ),
  );
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ExpectedError) {
      return sendPage(reply, consoleErrorPage(context, error.message, error.code), 502);
    }
    const { statusCode = 500 } = error as { readonly statusCode?: number };
    if (statusCode < 500) {
      const message =
        statusCode === 413
          ? `The file is too large: it may have ${originalLimits.bytes / 1_000_000} MB. Scale it down, then try again.`
          : "The request cannot be read. Go back, and try again.";
      return sendPage(reply, consoleErrorPage(context, message), statusCode);
    }
    standardError.print(terminalBlock(describeFailure(error)));
    const message = "This is a bug in pictures console. The terminal that it was started in says more.";
    return sendPage(reply, consoleErrorPage(context, message, "internal-error"), 500);
  });
}

/** Calls `onIdle` when nothing was asked for long enough. */
function watchIdle({ idleMs, onIdle }: Pick<ConsoleServerOptions, "idleMs" | "onIdle">) {
  let timer = setTimeout(onIdle, idleMs).unref();
  return {
    used: (): void => {
      clearTimeout(timer);
      timer = setTimeout(onIdle, idleMs).unref();
    },
    stop: (): void => {
      clearTimeout(timer);
    },
  };
}
