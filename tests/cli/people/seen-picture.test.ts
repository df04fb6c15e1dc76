import assert from "node:assert/strict";
import { blocking, blockPlan } from "../../../cli/people/block-plans.ts";
import {
  changePicture,
  foretell,
  type ChangeTask,
  type PictureTask,
} from "../../../cli/people/change-picture.ts";
import { pictureKeys, type PictureKey } from "../../../cli/people/picture-change.ts";
import { clearPlan } from "../../../cli/people/plain-plans.ts";
import { requireAsSeen, seenOf } from "../../../cli/people/seen-picture.ts";
import { setPlan } from "../../../cli/people/set-plans.ts";
import { changeScopes, peopleOfTenant, settings } from "./tenant-people.ts";

const own = "https://img.acme.com/own.png";
const jane = {
  user_id: "auth0|jane",
  email: "jane@acme.com",
  picture: "https://www.gravatar.com/avatar/1",
  user_metadata: { picture: own, theme: "dark" },
};
const clear: PictureTask = { command: "clear", wanted: jane.user_id, plan: clearPlan };

describe("the fingerprint of what was shown", () => {
  const notes: readonly PictureKey[] = ["app_metadata.picture_folder", "app_metadata.picture_reviewed"];
  const changed = (key: string) => {
    const [place = "", name] = key.split(".");
    return name === undefined
      ? { ...jane, [place]: "other" }
      : { ...jane, [place]: { ...(place === "user_metadata" ? jane.user_metadata : {}), [name]: "other" } };
  };

  for (const key of pictureKeys.filter((each) => !notes.includes(each))) {
    it(`names what was changed: ${key}`, () => {
      assert.throws(() => requireAsSeen(changed(key), seenOf(jane)), {
        code: "changed-since-shown",
        message: new RegExp(`since it was shown \\(${key.replace(".", "\\.")}\\), so nothing was written`),
      });
    });
  }

  for (const key of notes) {
    it(`does not mind ${key}`, () => assert.doesNotThrow(() => requireAsSeen(changed(key), seenOf(jane))));
  }

  for (const forged of ["", ".....", "x", `${seenOf(jane)}.`]) {
    it(`does not take another text for it: ${JSON.stringify(forged)}`, () => {
      assert.throws(() => requireAsSeen(jane, forged), { code: "changed-since-shown" });
    });
  }

  it("has nothing of the values", () => {
    assert.match(seenOf(jane), /^[0-9a-f.]+$/);
    assert.notEqual(
      seenOf({ user_id: "a", picture: "x" }),
      seenOf({ user_id: "a", user_metadata: { picture: "x" } }),
    );
  });
});

describe("what a command says before it asks", () => {
  const setup = peopleOfTenant();
  beforeEach(() => setup().tenant.users.create(jane));
  const patch = (body: object) => setup().api("PATCH", "/users/auth0%7Cjane", body);
  const metadata = async () =>
    (await setup().api("GET", "/users/auth0%7Cjane")).body.user_metadata as unknown;

  it("is refused to a client that may not do it", async () => {
    await assert.rejects(foretell(await setup().people("read:users"), clear), { code: "scope-missing" });
  });

  it("is the same for a page as for the command line, and writes nothing", async () => {
    await patch({ app_metadata: { picture_blocked: "true" } });
    const people = await setup().people(...changeScopes);
    const told = await foretell(people, clear);
    await assert.rejects(changePicture(people, { ...clear, yes: undefined }), (error: Error) =>
      error.message.startsWith(`${told.lines.join("\n")}\nGo on?`),
    );
    assert.deepEqual([told.before.reason, told.after.reason], ["user", "removed"]);
    assert.equal(told.after.picture, settings.defaultUrl);
    assert.match(told.faults.join(), /^block-ineffective: /);
    assert.match(told.tokens ?? "", /^Tokens that are already issued/);
    assert.deepEqual([told.hasNothingToDo, told.seen], [false, seenOf(told.user)]);
    assert.deepEqual(people.journal.entries(), []);
  });

  it("says where there is nothing to do", async () => {
    await patch({ user_metadata: { picture: "" } });
    const told = await foretell(await setup().people(...changeScopes), clear);
    assert.deepEqual([told.hasNothingToDo, told.tokens], [true, undefined]);
    assert.match(told.lines.join("\n"), /as before: .*\nIt is already like this\.$/);
  });

  describe("is what the write goes by:", () => {
    const other = "https://img.acme.com/2.png";
    const people = () => setup().people(...changeScopes);

    it("nothing is written where the picture was changed since", async () => {
      const { seen } = await foretell(await people(), clear);
      await patch({ user_metadata: { picture: other } });
      await assert.rejects(changePicture(await people(), { ...clear, yes: true, seen }), {
        code: "changed-since-shown",
        message: /user_metadata\.picture/,
      });
      assert.deepEqual(await metadata(), { picture: other, theme: "dark" });
    });

    it("nor where that happens between the plan and the write, for a block too", async () => {
      const prepare = async () => {
        await patch({ user_metadata: { picture: other } });
      };
      const plan: ChangeTask["plan"] = (of, user) => ({ ...blockPlan(of, user, "case 1"), prepare });
      const block = { command: "block", wanted: jane.user_id, needs: blocking, plan };
      const { seen } = await foretell(await people(), block);
      await assert.rejects(changePicture(await people(), { ...block, yes: true, seen }), {
        code: "changed-since-shown",
      });
      assert.deepEqual((await people()).journal.entries(), []);
    });

    it("nothing is uploaded where the picture was changed since", async () => {
      const prepare = () => Promise.reject(new Error("must not be reached"));
      const plan = () => ({ ...clearPlan(), prepare });
      const { seen } = await foretell(await people(), clear);
      await patch({ app_metadata: { picture_blocked: true } });
      await assert.rejects(changePicture(await people(), { ...clear, plan, yes: true, seen }), {
        code: "changed-since-shown",
        message: /picture_blocked/,
      });
    });

    it("a change by which nothing of that changed is made, and told before what comes after it", async () => {
      const { seen } = await foretell(await people(), clear);
      await patch({ user_metadata: { theme: "light" }, app_metadata: { picture_reviewed: true } });
      const written: string[] = [];
      const finish = () => Promise.reject(new Error("the forum is down"));
      const task: ChangeTask = { ...clear, plan: () => ({ ...clearPlan(), finish }), yes: true, seen };
      const onWritten: ChangeTask["onWritten"] = ({ journalId }) => written.push(journalId);
      await assert.rejects(changePicture(await people(), { ...task, onWritten }), /the forum is down/);
      assert.deepEqual(await metadata(), { picture: "", theme: "light" });
      assert.deepEqual(
        (await people()).journal.entries().map(({ id }) => id),
        written,
      );
    });
  });

  it("takes a picture from memory as from a file, in the same words where it is too large", async () => {
    const people = await setup().people(...changeScopes);
    const file = { name: "huge.png", bytes: Buffer.alloc(60_000_000) };
    await assert.rejects(setPlan(people, jane, { url: undefined, file, probe: true }), {
      code: "image-too-large",
      message: /^The file huge\.png has 60000000 bytes; an image has at most/,
    });
  });
});
