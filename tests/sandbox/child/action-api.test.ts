import assert from "node:assert/strict";
import { actionApiFactory } from "../../../sandbox/child/action-api.ts";

describe("api.cache", () => {
  it("loses the oldest of more than a thousand entries, and keeps what was set again", () => {
    const entries = new Map<string, unknown>();
    const createApi = actionApiFactory(entries);
    const cache = () => createApi({ effects: [] })["cache"]!;
    const value = (key: string) => (cache()["get"]!(key) as { value?: unknown } | undefined)?.value;
    cache()["set"]!("again", 0);
    for (let login = 0; login < 1500; login += 1) {
      cache()["set"]!(`key-${login}`, login);
      cache()["set"]!("again", login);
    }
    assert.equal(entries.size, 1000);
    assert.equal(value("key-0"), undefined);
    assert.equal(value("key-1499"), 1499);
    assert.equal(value("again"), 1499);
  });
});
