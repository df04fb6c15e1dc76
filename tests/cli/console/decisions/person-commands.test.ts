import assert from "node:assert/strict";
import type { Refused } from "../../../../cli/console/decisions/decided.ts";
import {
  allowedCommands,
  carryOutCommand,
  foretellCommand,
  personCommands,
  type CommandInput,
} from "../../../../cli/console/decisions/person-commands.ts";
import type { People } from "../../../../cli/people/people.ts";
import { changeScopes, peopleOfTenant } from "../../people/tenant-people.ts";

const jane = "auth0|jane";

describe("a person's commands in the console", () => {
  const setup = peopleOfTenant();
  beforeEach(() => {
    setup().tenant.users.create({
      user_id: jane,
      user_metadata: { picture: "https://img.acme.com/jane.png", theme: "dark" },
    });
  });

  const metadata = () => {
    const { user_metadata: own, app_metadata: app } = setup().tenant.users.get(jane) ?? {};
    return { own: { ...own }, app: { ...app } } as Record<"own" | "app", Record<string, unknown>>;
  };
  const carryOut = async (people: People, name: string, input: CommandInput = {}) => {
    const { seen } = await foretellCommand(people, jane, name, input);
    return carryOutCommand(people, jane, name, input, seen);
  };

  it("refuse a form that lacks something, in its words, and a button that is not there", async () => {
    const people = await setup().people(...changeScopes);
    for (const [name, input, message] of [
      ["block", {}, /“Reason, without personal data” is empty/],
      ["block", { reason: "  " }, /is empty/],
      ["set", {}, /“Address of a picture \(https\)” is empty/],
      ["set-file", { file: { name: "", bytes: Buffer.alloc(0) } }, /No file was chosen/],
      ["set-file", { file: "text" }, /No file was chosen/],
      ["toString", {}, /no such button/],
    ] as const) {
      await assert.rejects(foretellCommand(people, jane, name, input), message);
      const refused = (await carryOutCommand(people, jane, name, input, "")) as Refused;
      assert.equal(refused.outcome, "refused");
      assert.match(refused.message, message);
    }
    assert.deepEqual(metadata().own, { picture: "https://img.acme.com/jane.png", theme: "dark" });
  });

  it("refuse a file that is no picture, and an address that no login would show", async () => {
    const people = await setup().people(...changeScopes);
    const svg = { name: "x.png", bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") };
    await assert.rejects(foretellCommand(people, jane, "set-file", { file: svg }), {
      code: "image-not-supported",
    });
    await assert.rejects(foretellCommand(people, jane, "set", { url: "ftp://x" }));
  });

  it("are offered as the scopes allow, with the sentence why not", async () => {
    const names = (commands: readonly { name: string }[]) => commands.map(({ name }) => name);
    const reader = allowedCommands(await setup().people("read:users"));
    assert.deepEqual(reader.allowed, []);
    assert.equal(reader.disallowed.length, personCommands.length);
    assert.match(reader.disallowed[0]?.why ?? "", /may not do this.*lacks the scope update:users/);
    const moderator = allowedCommands(await setup().people("read:users", "update:users_app_metadata"));
    assert.deepEqual(names(moderator.allowed), ["review", "block", "block-purge", "unblock", "undo"]);
    assert.deepEqual(allowedCommands(await setup().people(...changeScopes)).disallowed, []);
    const people = await setup().people("read:users");
    assert.deepEqual(allowedCommands({ ...people, access: { ...people.access, scopes: [] } }).disallowed, []);
  });

  it("say what they will do and do nothing, then do it and nothing else", async () => {
    const people = await setup().people(...changeScopes);
    const told = await foretellCommand(people, jane, "clear", {});
    assert.deepEqual([told.before.reason, told.after.reason], ["user", "removed"]);
    assert.equal(metadata().own["picture"], "https://img.acme.com/jane.png");
    const done = await carryOutCommand(people, jane, "clear", {}, told.seen);
    assert.equal(done.outcome, "done");
    assert.deepEqual(metadata().own, { picture: "", theme: "dark" });
  });

  it("do nothing where the picture is another one than was shown", async () => {
    const people = await setup().people(...changeScopes);
    const { seen } = await foretellCommand(people, jane, "block", { reason: "case 1" });
    await setup().api("PATCH", `/users/${encodeURIComponent(jane)}`, {
      user_metadata: { picture: "https://img.acme.com/other.png" },
    });
    const { outcome } = await carryOutCommand(people, jane, "block", { reason: "case 1" }, seen);
    assert.equal(outcome, "changed");
    assert.equal(metadata().app["picture_blocked"], undefined);
  });

  it("write the same journal as the command line, and undo from it", async () => {
    const people = await setup().people(...changeScopes);
    for (const [name, input] of [
      ["review", {}],
      ["gravatar-off", {}],
      ["block", { reason: "case 1" }],
      ["unblock", {}],
      ["use-original", {}],
    ] as const) {
      assert.equal((await carryOut(people, name, input)).outcome, "done", name);
    }
    assert.deepEqual(
      people.journal.entries(jane).map(({ command }) => command),
      ["review", "gravatar", "block", "unblock", "use-original"],
    );
    assert.equal((await carryOut(people, "undo")).outcome, "done");
    assert.equal(metadata().own["picture"], "https://img.acme.com/jane.png");
    assert.equal((await carryOut(people, "undo")).outcome, "done");
    assert.equal(metadata().app["picture_blocked"], true);
  });
});
