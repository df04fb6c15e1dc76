import assert from "node:assert/strict";
import { standIn } from "../../../local/page/stand-in.ts";

describe("standIn", () => {
  it("draws something for what is no address", () => {
    assert.equal(standIn("no url").what, "no address");
  });

  it("escapes what an address brings into the drawing", () => {
    const { drawing } = standIn("https://cdn.auth0.com/avatars/%3Cb.png");
    assert.doesNotMatch(drawing.html, /<b/);
  });

  it("loads nothing", () => {
    for (const address of [
      "https://s.gravatar.com/avatar/1",
      "https://a.example/b.png",
      "https://cdn.auth0.com/avatars/ab.png",
    ])
      assert.doesNotMatch(standIn(address).drawing.html, /https:|href|<image/);
  });

  const names: [string, string][] = [
    ["https://s.gravatar.com/avatar/205e?d=x", "Gravatar"],
    ["https://notgravatar.com/avatar/205e", "notgravatar.com"],
    ["https://cdn.auth0.com/avatars/jd.png", "Auth0's initials"],
    ["https://lh3.googleusercontent.com/a/x", "Google"],
    ["https://images.example.com/x.png", "images.example.com"],
  ];
  for (const [address, what] of names) {
    it(`calls ${address} ${what}`, () => {
      assert.equal(standIn(address).what, what);
    });
  }

  it("draws the same for the same Gravatar whatever its fallback, and another for another one", () => {
    const drawn = (address: string) => standIn(`https://s.gravatar.com/avatar/${address}`).drawing.html;
    assert.equal(drawn("1"), drawn("1?d=https%3A%2F%2Fimg.example.com%2Fa.png"));
    assert.notEqual(drawn("1"), drawn("2"));
  });
});
