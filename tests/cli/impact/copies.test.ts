import assert from "node:assert/strict";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import { flowWith, impactOf, lines } from "./impact-of.ts";

describe("the impact of copies", () => {
  it("is foretold before they are shown: which users show one, and instead of what", async () => {
    const allowedPrefixes = ["https://img.acme.com/users/"];
    const user = (id: number, picture: string, of = picture) => ({
      user_id: `waad|${id}`,
      picture,
      identities: [{ provider: "waad", connection: "entra", user_id: String(id) }],
      app_metadata: { picture_copy: { of: fingerprintOf(of), url: `https://img.acme.com/users/${id}.png` } },
    });
    const users = [
      user(1, "https://lh3.googleusercontent.com/a/1"),
      user(2, "https://lh3.googleusercontent.com/a/2", "https://lh3.googleusercontent.com/a/old"),
      user(3, `/9j/${"4AAQSkZJ".repeat(6250)}`),
      { ...user(4, "https://lh3.googleusercontent.com/a/4"), user_metadata: { picture: "" } },
    ];
    const { report, changedIds } = await impactOf(
      { old: flowWith({ allowedPrefixes }), new: flowWith({ allowedPrefixes, copies: "show" }) },
      [lines(...users)],
    );
    assert.deepEqual(changedIds, ["waad|1", "waad|3"]);
    assert.deepEqual(report.groups.map(({ old, new: now, changed }) => [old, now, changed]).toSorted(), [
      ["kept", "copy", 1],
      ["kept", "kept", 0],
      ["removed", "removed", 0],
      ["root-refused", "copy", 1],
    ]);
    const [example] = report.examples.filter(({ old }) => old.reason === "root-refused");
    assert.equal(example?.new.picture, "https://img.acme.com/users/3.png");
  });
});
