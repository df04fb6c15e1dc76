import assert from "node:assert/strict";
import type { ConsoleContext } from "../../../../cli/console/console-context.ts";
import type { Done } from "../../../../cli/console/decisions/decided.ts";
import { personCommands } from "../../../../cli/console/decisions/person-commands.ts";
import { decidedPage } from "../../../../cli/console/person/command-page.ts";
import { nextLogin } from "../../../../cli/people/next-login.ts";
import { settings } from "../../people/people-of.ts";

describe("the page of what became of a command", () => {
  const context = {
    base: "/base",
    stack: "dev",
    pictureAddress: (url: string) => `/base/picture/${url.slice(-5)}`,
  } as ConsoleContext;
  const before = { user_id: "auth0|jane", user_metadata: { picture: "https://img.acme.com/users/a.png" } };
  const after = { user_id: "auth0|jane", user_metadata: { picture: "" } };
  const done: Done = {
    outcome: "done",
    journalId: "1",
    user: after,
    before: nextLogin(before, settings),
    after: nextLogin(after, settings),
    lines: ["Deleted <b>1</b> file."],
  };
  const html = (name: string, decided: Parameters<typeof decidedPage>[3]) => {
    const command = personCommands.find((each) => each.name === name)!;
    return decidedPage(context, { command, key: "k", fields: {} }, after, decided).html;
  };

  it("says that it is done and what failed after it, with the code", () => {
    const page = html("block", {
      ...done,
      failedAfter: { code: "discourse-failed", message: "No <i>answer</i>." },
    });
    assert.match(page, /role="status">Done\./);
    assert.match(page, /role="alert">No &#60;i&#62;answer&#60;\/i&#62;\. <code>discourse-failed<\/code>/);
  });

  it("does not say that it is done where it was refused, or nothing was to be done", () => {
    const refused = html("clear", {
      outcome: "refused",
      userId: "auth0|jane",
      code: "tenant-busy",
      message: "Busy.",
    });
    assert.match(refused, /role="alert">Busy\. <code>tenant-busy<\/code>/);
    const unchanged = html("clear", { outcome: "unchanged", user: after, why: "It is already like this." });
    assert.match(unchanged, /Nothing was changed\. It is already like this\./);
    for (const page of [refused, unchanged]) assert.doesNotMatch(page, /Done\./);
  });

  it("shows what was before, but not what was deleted", () => {
    assert.match(html("clear", done), /\/base\/picture\/a\.png/);
    assert.doesNotMatch(html("forget", done), /\/base\/picture\/a\.png/);
    assert.match(html("forget", done), /Deleted &#60;b&#62;1&#60;\/b&#62; file\./);
  });
});
