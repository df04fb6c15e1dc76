import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, BrowserContext } from "playwright-core";
import sharp from "sharp";
import { silhouette } from "../lib/figure.ts";
import { projectRoot } from "../lib/project.ts";
import type { LocalWorld } from "./start/local-world.ts";

/** Whose pictures wait to be judged. */
const names = [
  "Ada Lovelace",
  "Grace Hopper",
  "Alan Turing",
  "Hedy Lamarr",
  "Katherine Johnson",
  "Tim Berners-Lee",
  "Radia Perlman",
];

interface View {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

const queue = { path: "/", height: 900 } as const;

/** By file name. */
const views: Readonly<Record<string, View>> = {
  "console.png": { ...queue, width: 1280, colorScheme: "light" },
  "console-dark.png": { ...queue, width: 1280, colorScheme: "dark" },
  "console-390.png": { ...queue, width: 390, colorScheme: "light" },
  "console-390-dark.png": { ...queue, width: 390, colorScheme: "dark" },
};

/** The console over the users of a world, as `pictures console` serves it. */
export async function consoleScreenshots(
  world: LocalWorld,
  browser: Browser,
  folder: string,
  taken: (name: string) => void,
): Promise<void> {
  for (const name of names) await setPicture(world, name);
  const args = [
    "cli/pictures.js",
    "console",
    "--no-open",
    "--json",
    "--reason",
    "nudity",
    "--reason",
    "somebody else",
  ];
  const served = spawn(process.execPath, args, {
    cwd: projectRoot,
    env: world.environment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface({ input: served.stdout }), "line")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const context = await browser.newContext();
    const base = await enter(context, url);
    for (const [name, view] of Object.entries(views)) {
      await takeOne(context, `${base}${view.path}`, view, join(folder, name));
      taken(name);
    }
    await takePerson(context, base, join(folder, "console-person.png"));
    taken("console-person.png");
    await context.close();
  } finally {
    served.kill();
  }
}

/** As a moderator would: by a command, which makes the file safe and stores it. */
async function setPicture(world: LocalWorld, name: string): Promise<void> {
  const nickname = name.toLowerCase().replace(/\W+/g, ".");
  const userId = `auth0|${nickname}`;
  world.tenant.users.create({ user_id: userId, name, nickname, email: `${nickname}@example.com` });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" viewBox="0 0 100 100">${silhouette(name).html}</svg>`;
  const file = join(world.folder.root, `${nickname}.png`);
  writeFileSync(file, await sharp(Buffer.from(svg)).png().toBuffer());
  // The world's tenant is in this process, which must not wait.
  const command = spawn(
    process.execPath,
    ["cli/pictures.js", "set", userId, "--file", file, "--yes", "--stack", "local"],
    { cwd: projectRoot, env: world.environment(), stdio: ["ignore", "ignore", "inherit"] },
  );
  const [code] = (await once(command, "exit")) as [number | null];
  if (code !== 0) throw new Error(`pictures set of ${userId} failed.`);
}

/** The address of the console's first page, without its final slash. */
async function enter(context: BrowserContext, url: string): Promise<string> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("heading", { name: "Pictures to judge" }).waitFor();
  const address = page.url().replace(/\/$/, "");
  await page.close();
  return address;
}

async function takeOne(
  context: BrowserContext,
  address: string,
  { width, height, colorScheme }: View,
  path: string,
): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  await page.goto(address, { waitUntil: "networkidle" });
  await page.keyboard.press("ArrowRight");
  await page.screenshot({ path });
  await page.close();
}

async function takePerson(context: BrowserContext, base: string, path: string): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 1100 });
  await page.goto(`${base}/people`);
  await page.getByRole("searchbox").fill(names[0] ?? "");
  await page.keyboard.press("Enter");
  await page
    .getByRole("heading", { name: names[0] ?? "" })
    .first()
    .waitFor();
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path });
  await page.close();
}
