import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { startConsoleServer, type ConsoleServer } from "../../cli/console/console-server.ts";
import { queueRoutes } from "../../cli/console/queue/queue-routes.ts";
import type { People } from "../../cli/people/people.ts";
import { changeScopes, peopleOfTenant } from "../cli/people/tenant-people.ts";
import { browserForSuite } from "./browser-for-suite.ts";

/** The user's id by number, and the address of the own picture. */
export const id = (number: number) => `auth0|user-${String(number).padStart(3, "0")}`;
export const own = (number: number, more = "") => `https://img.acme.com/users/${number}${more}.png`;

export interface JudgedInBrowser {
  readonly setup: () => ReturnType<ReturnType<typeof peopleOfTenant>>;
  /** Starts the console with the queue alone, for a client with these scopes. */
  readonly start: (scopes?: readonly string[]) => Promise<void>;
  /** The console as a new browser opens it, from a page of another site. */
  readonly open: (options?: Parameters<Browser["newContext"]>[0]) => Promise<Page>;
  readonly create: (number: number, more?: object) => void;
  readonly people: () => People;
  /** What hosts send in the place of pictures, for the rest of the test. */
  readonly serve: (files: (url: string) => Promise<Buffer>) => void;
}

/** The queue of a tenant of its own for each test, in a Chromium; the suite is skipped where there is none. */
export function judgedInBrowser(): JudgedInBrowser {
  const browser = browserForSuite();
  const setup = peopleOfTenant();
  let people: People;
  let server: ConsoleServer;
  let png: Buffer;
  let files: (url: string) => Promise<Buffer>;
  const contexts: BrowserContext[] = [];

  async function start(scopes: readonly string[] = changeScopes): Promise<void> {
    people = { ...(await setup().people(...scopes)), now: () => new Date() };
    server = await startConsoleServer({
      stack: "dev",
      env: people.env,
      people: () => Promise.resolve(people),
      port: 0,
      reasons: ["nudity", "somebody else"],
      discourse: false,
      idleMs: 600_000,
      onIdle: () => undefined,
      routes: [queueRoutes],
      load: (_people, url) => files(url),
    });
  }

  before(async () => {
    const picture = sharp({ create: { width: 320, height: 320, channels: 3, background: "#3a7" } });
    png = await picture.png().toBuffer();
  });
  beforeEach(() => {
    files = () => Promise.resolve(png);
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    await server.close();
  });

  const create = (number: number, more: object = {}): void => {
    setup().tenant.users.create({
      user_id: id(number),
      name: `User ${number}`,
      user_metadata: { picture: own(number), theme: "dark" },
      ...more,
    });
  };

  async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
    const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`data:text/html,<a href="${server.url}">console</a>`);
    await page.getByRole("link").click();
    await page.getByRole("heading", { name: "Pictures to judge" }).waitFor();
    return page;
  }

  return {
    setup,
    start,
    open,
    create,
    people: () => people,
    serve: (next) => {
      files = next;
    },
  };
}
