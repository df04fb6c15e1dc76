import assert from "node:assert/strict";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { fallbackProblem, overrideSettings, pictureSettings } from "../../stack/picture-settings.ts";
import { checkKeys, configNamespace } from "../../stack/read-config.ts";
import { gravatarRefusal } from "../../stack/url-values.ts";
import { settingsWith } from "../policy/settings.ts";

const { values } = checkKeys("dev", {
  [`${configNamespace}:auth0Domain`]: "acme.eu.auth0.com",
  [`${configNamespace}:awsAccountId`]: "123456789012",
  [`${configNamespace}:awsRegion`]: "eu-central-1",
  [`${configNamespace}:imageBucket`]: "acme-pictures",
});
const config = values as ConfigValues;
const image = {
  file: "default.png",
  key: "default-3f2a.png",
  contentType: "image/png",
  md5: "9e10",
  sha256: "3f2a",
};

describe("the settings that are built into the Actions", () => {
  it("have no default image that Gravatar would not take, where it is its fallback", () => {
    assert.match(fallbackProblem("https://localhost:9443/pictures/d.png")?.why ?? "", /uses port 9443/);
    assert.equal(fallbackProblem("https://img.acme.com/d.png"), undefined);
  });

  it("name the default image at the bucket's own address and allow its users' pictures", () => {
    const settings = pictureSettings(config, image);
    assert.equal(settings.defaultUrl, "https://acme-pictures.s3.eu-central-1.amazonaws.com/default-3f2a.png");
    assert.deepEqual(settings.allowedPrefixes, [
      "https://acme-pictures.s3.eu-central-1.amazonaws.com/users/",
    ]);
  });

  it("name the SAML attribute only where SAML applications are to get the picture", () => {
    assert.equal("samlAttribute" in pictureSettings(config, image), false);
    const settings = pictureSettings({ ...config, samlPicture: true }, image);
    assert.equal(settings.samlAttribute, "http://schemas.auth0.com/picture");
  });

  it("keep copies off until the configuration shows them", () => {
    assert.equal(pictureSettings(config, image).copies, "off");
    assert.equal(pictureSettings({ ...config, copies: "show" }, image).copies, "show");
  });

  it("name it elsewhere where imageBaseUrl says so", () => {
    const settings = pictureSettings({ ...config, imageBaseUrl: "https://img.acme.com" }, image);
    assert.equal(settings.defaultUrl, "https://img.acme.com/default-3f2a.png");
    assert.deepEqual(settings.allowedPrefixes, ["https://img.acme.com/users/"]);
  });
});

describe("a fallback for Gravatar", () => {
  const refused = [
    "https://localhost:9443/default.png",
    "https://img.acme.com/default.webp",
    "https://img.acme.com/default.png?v=2",
    "https://images.internal/default.png",
    "https://10.0.0.1/default.png",
    "https://img.acme.com/default.png#v2",
    "not a URL",
  ];
  for (const url of refused) it(`is not ${url}`, () => assert.notEqual(gravatarRefusal(url), undefined));
  for (const extension of ["jpg", "JPEG", "gif", "png"]) {
    it(`may end in .${extension}`, () =>
      assert.equal(gravatarRefusal(`https://img.acme.com/d.${extension}`), undefined));
  }
});

describe("a settings file", () => {
  it("has all its problems reported, with the file's name", () => {
    const overrides = {
      ...{ gravatar: "nev", colour: "red", copies: true },
      ...{ maxLength: "x", allowedPrefixes: ["http://a.com/"] },
    };
    assert.throws(
      () => overrideSettings("s.json", settingsWith(), overrides),
      /^ConfigError: s\.json has 5 problems:.*gravatar.*colour.*copies.*maxLength.*allowedPrefixes/s,
    );
  });

  it("has Gravatar's rules reported with the others", () => {
    const overrides = { defaultUrl: "https://img.acme.com/d.webp", maxLength: 0 };
    assert.throws(
      () => overrideSettings("s.json", settingsWith(), overrides),
      /maxLength.*gravatar \(fallback\)/s,
    );
  });

  it("that is no object is refused", () => {
    assert.throws(() => overrideSettings("s.json", settingsWith(), ["gravatar"]), /is not a JSON object/);
  });

  it("replaces what it names and nothing else", () => {
    const settings = overrideSettings("s.json", settingsWith(), {
      copies: "show",
      allowedHosts: ["a.io"],
    });
    assert.deepEqual(settings, settingsWith({ copies: "show", allowedHosts: ["a.io"] }));
  });

  it("does not let a prefix without a slash allow a longer host", () => {
    const { allowedPrefixes } = overrideSettings("s.json", settingsWith(), {
      allowedPrefixes: ["https://a.io"],
    });
    assert.deepEqual(allowedPrefixes, ["https://a.io/"]);
  });
});
