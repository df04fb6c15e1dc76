import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { textAt } from "../../auth0/user.ts";
import { nextLogin } from "../../cli/people/next-login.ts";
import { isReviewed } from "../../cli/people/review-state.ts";
import { pollUntil } from "../../lib/clock.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { deployBundles } from "../actions/deploy-bundles.ts";
import { settings } from "../cli/people/tenant-people.ts";
import { managementApi } from "../management-api.ts";
import { id, judgedInBrowser, own } from "./judged-in-browser.ts";

/** What a user's picture is judged to be, by the user's number. */
const kindOf = (number: number) => (["fine", "fine", "block", "clear"] as const)[number % 4] ?? "fine";

const numberOf = (name: string) => Number(name.trim().split(" ")[1]);

describe("the console in a browser", function () {
  this.timeout(240_000);
  const { setup, start, open, create, people } = judgedInBrowser();

  const focused = async (page: Page) =>
    (
      await page.evaluate<string>(
        'document.activeElement?.closest(".judged")?.querySelector("h2")?.textContent ?? ""',
      )
    ).trim();

  const untilJudged = (page: Page, count: number) =>
    page
      .locator("#count")
      .filter({ hasText: new RegExp(`^${count} judged`) })
      .waitFor({ timeout: 120_000 });

  /** The numbers of users on these cards, in their order. */
  const numbersOf = async (page: Page, cards: string) =>
    (await page.locator(`${cards} h2`).allInnerTexts()).map(numberOf);

  /** The user whose card has the focus, once that is one to judge: the cards behind the last one may still be on their way. */
  async function nextNumber(page: Page, judged: ReadonlyMap<number, string>): Promise<number> {
    let number = NaN;
    const isNext = async () => {
      number = numberOf(await focused(page));
      return Number.isInteger(number) && !judged.has(number);
    };
    assert.ok(await pollUntil(isNext, { withinMs: 10_000, everyMs: 5 }), `stuck at ${number}`);
    return number;
  }

  async function judgeByKeys(page: Page, number: number): Promise<void> {
    const kind = kindOf(number);
    await page.keyboard.press({ fine: "a", block: "b", clear: "c" }[kind]);
    if (kind !== "block") return;
    if (number % 8 === 2) await page.keyboard.press("1");
    else {
      await page.keyboard.type("case 4711");
      await page.keyboard.press("Enter");
    }
  }

  it("judges 200 pictures by keyboard alone, and takes the last decision back", async () => {
    for (let number = 0; number < 200; number += 1) create(number);
    await start();
    const page = await open();
    const startedAt = performance.now();
    await page.keyboard.press("Tab");
    while ((await focused(page)) === "") await page.keyboard.press("Tab");
    const last = { number: -1 };
    // Three at once, to begin with.
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press(" ");
    const several = await numbersOf(page, ".judged:has(.pick input:checked)");
    assert.equal(several.length, 3);
    await page.keyboard.press("a");
    const judged = new Map<number, string>(several.map((number) => [number, "fine"]));
    while (judged.size < 200) {
      const number = await nextNumber(page, judged);
      await judgeByKeys(page, number);
      judged.set(number, kindOf(number));
      last.number = number;
    }
    await untilJudged(page, 200);
    process.stdout.write(`    200 pictures in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
    await page.keyboard.press("u");
    await untilJudged(page, 199);
    assert.equal(await focused(page), `User ${last.number}`);

    const commands = { fine: "review", block: "block", clear: "clear" } as const;
    for (const [number, kind] of judged) {
      const user = await people().users.get(id(number));
      assert.ok(user);
      assert.equal(textAt(user, "user_metadata", "theme"), "dark");
      const written = people()
        .journal.entries(id(number))
        .map(({ command }) => command);
      const { reason } = nextLogin(user, settings);
      const isLast = number === last.number;
      const wanted = isLast ? "user" : { fine: "user", block: "blocked", clear: "removed" }[kind as "fine"];
      assert.equal(reason, wanted, id(number));
      assert.equal(isReviewed(user), kind === "fine" && !isLast);
      assert.deepEqual(written, isLast ? [commands[kind as "fine"], "undo"] : [commands[kind as "fine"]]);
    }
    const { tenant, certificates, application } = setup();
    const { domain, clientId, clientSecret } = tenant;
    const api = await managementApi({ domain, caFile: certificates.caFile, clientId, clientSecret });
    await deployBundles(api, bundleActions(settings));
    await api.close();
    const app = await application();
    for (const kind of ["fine", "block", "clear"]) {
      const [number = 0] = [...judged].find(([each, of]) => of === kind && each !== last.number) ?? [];
      const { idTokenClaims } = await app.login({ userId: id(number) });
      assert.equal(idTokenClaims["picture"], kind === "fine" ? own(number) : settings.defaultUrl);
    }
  });

  it("shows what somebody else has changed before anything is written, and asks again", async () => {
    create(1);
    await start();
    const page = await open();
    const card = page.getByRole("article", { name: "User 1" });
    await setup().api("PATCH", `/users/${encodeURIComponent(id(1))}`, {
      user_metadata: { picture: own(1, "-other") },
    });
    await card.focus();
    await page.keyboard.press("c");
    await card.getByText("changed-since-shown").waitFor();
    assert.equal(setup().tenant.users.get(id(1))?.user_metadata?.["picture"], own(1, "-other"));
    await card.focus();
    await page.keyboard.press("c");
    await untilJudged(page, 1);
    assert.equal(setup().tenant.users.get(id(1))?.user_metadata?.["picture"], "");
  });

  it("offers nothing to a client that may only read, and says why", async () => {
    create(1);
    await start(["read:users"]);
    const page = await open();
    assert.match(
      await page.locator("#read-only").innerText(),
      /change nothing.*lacks the scope update:users/,
    );
    assert.equal(await page.getByRole("article").getByRole("button").count(), 0);
    await page.getByRole("article").focus();
    for (const key of ["a", "c", "b"]) await page.keyboard.press(key);
    assert.match(await page.getByRole("status").innerText(), /may not do that/);
    assert.equal(setup().tenant.requests.count({ method: "PATCH", pathPrefix: "/api/v2/" }), 0);
  });

  it("works without JavaScript", async () => {
    create(1);
    create(2);
    await start();
    const page = await open({ javaScriptEnabled: false });
    await page.getByRole("article", { name: "User 1" }).getByRole("button", { name: /^Fine/ }).click();
    await page.getByText("Fine. Done.").waitFor();
    assert.equal(await page.getByRole("article").count(), 1);
    const rest = page.getByRole("article", { name: "User 2" });
    await rest.getByText("Block…").click();
    await rest.getByLabel("Reason").fill("case 1");
    await rest.getByRole("button", { name: /^Block/ }).click();
    await page.getByText("Block: case 1. Done.").waitFor();
    await page.getByRole("button", { name: /^Undo/ }).click();
    await page.getByRole("article", { name: "User 2" }).waitFor();
    assert.equal(setup().tenant.users.get(id(2))?.app_metadata?.["picture_blocked"] ?? null, null);
  });

  it("goes on where it was when its page is closed and opened again", async () => {
    for (let number = 0; number < 30; number += 1) create(number);
    await start();
    const page = await open();
    await page.getByRole("article").first().focus();
    for (let count = 0; count < 10; count += 1) await page.keyboard.press("a");
    const context = page.context();
    await page.close();
    const again = await context.newPage();
    await again.goto(new URL(page.url()).href);
    const cards = again.getByRole("article");
    await pollUntil(async () => (await cards.count()) === 20, { withinMs: 10_000 });
    assert.equal(await cards.count(), 20);
  });

  it("shows names with markup and turned text as text", async () => {
    create(1, { name: `<img src=x onerror=alert(1)>\u202egnp` });
    await start();
    const page = await open();
    assert.equal(await page.locator("h2 img").count(), 0);
    assert.match(await page.locator("h2").first().innerText(), /^<img src=x onerror=alert\(1\)>/);
  });

  for (const dark of [false, true]) {
    for (const width of [1280, 390]) {
      it(`is accessible and fits at ${width} px, ${dark ? "dark" : "light"}`, async () => {
        for (let number = 0; number < 5; number += 1) create(number);
        await start();
        const page = await open({
          viewport: { width, height: 900 },
          colorScheme: dark ? "dark" : "light",
        });
        for (const prepare of [
          () => Promise.resolve(),
          () => page.keyboard.press("?"),
          async () => {
            await page.keyboard.press("Escape");
            await page.getByRole("article").first().focus();
            await page.keyboard.press("b");
          },
        ]) {
          await prepare();
          const { violations } = await new AxeBuilder({ page }).analyze();
          assert.deepEqual(
            violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)]),
            [],
          );
        }
        const scroll = await page.evaluate<number>("document.documentElement.scrollWidth");
        assert.ok(scroll <= width, String(scroll));
      });
    }
  }
});
