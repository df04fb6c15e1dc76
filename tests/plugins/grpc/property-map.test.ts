import assert from "node:assert/strict";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  decodeProperties,
  diffInputs,
  encodeProperties,
  hasUnknown,
  isAsset,
  unknownValue,
} from "../../../plugins/grpc/property-map.ts";
import { fileAsset } from "./assets.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("decodeProperties", () => {
  it("takes a message that is not there for no properties", () => {
    assert.deepEqual(decodeProperties(undefined), {});
  });

  it("unwraps secrets at any depth and leaves out nulls", () => {
    const wire = Struct.fromJavaScript({
      key: secret({ list: [secret("s"), null], gone: null }),
      none: null,
    });
    assert.deepEqual(decodeProperties(wire), { key: { list: ["s", null] } });
  });

  it("keeps assets and knows them", () => {
    const { source } = decodeProperties(Struct.fromJavaScript({ source: fileAsset("a.png", "x") }));
    assert.ok(isAsset(source));
    assert.equal(source.path, "a.png");
    assert.equal(isAsset({ hash: "x" }), false);
  });
});

describe("encodeProperties", () => {
  it("leaves out what is not set", () => {
    assert.deepEqual(encodeProperties({ a: undefined, b: [{ c: undefined, d: 1 }] }).toJavaScript(), {
      b: [{ d: 1 }],
    });
  });
});

describe("hasUnknown", () => {
  it("finds an unknown at any depth", () => {
    assert.equal(hasUnknown({ a: [{ b: unknownValue }] }), true);
    assert.equal(hasUnknown({ a: [{ b: "known" }, null] }), false);
  });
});

describe("diffInputs", () => {
  const paths = (olds: object, news: object) =>
    diffInputs({ ...olds }, { ...news }).map(({ path, kind }) => `${kind} ${path}`);

  it("finds no difference between inputs that only differ in the order of keys", () => {
    assert.deepEqual(paths({ a: 1, b: { c: [1], d: "" } }, { b: { d: "", c: [1] }, a: 1 }), []);
  });

  it("names what was added, deleted and updated by its path", () => {
    const olds = { rule: { objectOwnership: "A" }, gone: true, rules: [{ methods: ["GET"] }] };
    const news = { rule: { objectOwnership: "B" }, rules: [{ methods: ["GET", "PUT"], id: "x" }], tags: {} };
    assert.deepEqual(paths(olds, news), [
      "delete gone",
      "update rule.objectOwnership",
      "add rules[0].id",
      "add rules[0].methods[1]",
      "add tags",
    ]);
  });

  it("quotes keys that are no names", () => {
    assert.deepEqual(paths({ tags: { "a.b": "1" } }, { tags: { "a.b": "2" } }), ['update tags["a.b"]']);
  });

  it("compares assets by their contents, wherever they lie", () => {
    assert.deepEqual(paths({ source: fileAsset("a", "1") }, { source: fileAsset("b", "1") }), []);
    assert.deepEqual(paths({ source: fileAsset("a", "1") }, { source: fileAsset("a", "2") }), [
      "update source",
    ]);
  });

  it("counts a value that is not known yet as a change", () => {
    assert.deepEqual(paths({ bucket: "a" }, { bucket: unknownValue }), ["update bucket"]);
  });

  it("does not tell a list from a map by its members", () => {
    assert.deepEqual(paths({ a: [] }, { a: {} }), ["update a"]);
  });

  it("passes over the engine's own notes and values that mean the same", () => {
    const lower = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();
    assert.deepEqual(diffInputs({ a: "X", __defaults: [] }, { a: "x" }, { a: lower }), []);
  });
});
