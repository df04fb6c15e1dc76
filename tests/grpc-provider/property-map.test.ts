import assert from "node:assert/strict";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  decodeProperties,
  encodeProperties,
  hasUnknown,
  isAsset,
  unknownValue,
} from "../../grpc-provider/property-map.ts";
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
