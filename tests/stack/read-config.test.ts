import assert from "node:assert/strict";
import { ConfigError } from "../../stack/config-error.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { readStack } from "../../stack/read-stack.ts";

const complete = {
  auth0Domain: "acme-dev.eu.auth0.com",
  awsAccountId: "123456789012",
  awsRegion: "eu-central-1",
  imageBucket: "acme-dev-user-pictures",
};

const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1d0e5a4c-7b1f-4a37-9c52-0a6c2f3b8e11";

/** Keys stand without our namespace, or with a namespace of their own; `encrypted` without it. */
function read(values: Record<string, string>, stack = "dev", encrypted: readonly string[] = []) {
  const full = (key: string) => (key.includes(":") ? key : `${configNamespace}:${key}`);
  const entries = Object.entries(values).map(([key, text]) => [full(key), text]);
  return readStack(
    stack,
    Object.fromEntries(entries) as Record<string, string>,
    new Set(encrypted.map(full)),
  );
}

async function problemsOf(
  values: Record<string, string>,
  stack = "dev",
  encrypted: readonly string[] = [],
): Promise<ConfigError> {
  try {
    await read(values, stack, encrypted);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error;
  }
  throw new assert.AssertionError({ message: "the configuration was accepted" });
}

describe("a stack's configuration", () => {
  it("reports every problem at once, each with key, value and remedy", async () => {
    const error = await problemsOf({
      ...complete,
      auth0Domain: "",
      gravatar: "sometimes",
      maxLength: "2k",
      colour: "red",
    });
    assert.equal(error.code, "invalid-config");
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["auth0Domain", "gravatar", "maxLength", "colour"],
    );
    assert.match(error.message, /auth0Domain is not set: pulumi config set auth0Domain .* --stack dev/);
    assert.match(error.message, /gravatar \(sometimes\) is not one of keep, fallback, never/);
    assert.match(error.message, /maxLength \(2k\) is not a whole number/);
    assert.match(error.message, /colour \(red\) is not a key of this project/);
  });

  it("hides what may be a secret that stands in the clear under a key that there is not", async () => {
    const { message } = await problemsOf({ ...complete, auth0ClientSecret: "hush-hush" });
    assert.match(message, /auth0ClientSecret/);
    assert.doesNotMatch(message, /hush/);
  });

  it("names the nearest key for one that there is not, whatever the case of its letters", async () => {
    const { message } = await problemsOf({
      ...complete,
      gravater: "never",
      AWSRegion: "eu-west-1",
      saml: "true",
    });
    assert.match(message, /gravater \(never\) .* if you mean gravatar, the nearest key/);
    assert.match(message, /AWSRegion \(eu-west-1\) .* if you mean awsRegion,/);
    assert.match(message, /pulumi config rm saml --stack dev/);
  });

  const typo = configNamespace.slice(0, -1);

  it("notices a namespace that is one typo away, and leaves every other one alone", async () => {
    const others = { "aws:region": "x", "auth0:domain": "y", "acme-user-pictures:gravatar": "never" };
    const { problems } = await problemsOf({ ...complete, ...others, [`${typo}:gravatr`]: "never" });
    assert.deepEqual(problems, [
      {
        key: `${typo}:gravatr`,
        found: "never",
        why: `is under a namespace that is not read; ours is ${configNamespace}`,
        remedy:
          `set ${configNamespace}:gravatar instead, and remove this one ` +
          `(pulumi config rm ${typo}:gravatr --stack dev)`,
      },
    ]);
  });

  it("refuses a map, and a list where one value belongs", async () => {
    const { problems } = await problemsOf({
      ...complete,
      gravatar: '{"mode":"never"}',
      allowedHosts: '{"0":"img.acme.com"}',
      defaultImage: '["assets/default-picture.png"]',
    });
    assert.deepEqual(
      problems.map(({ key, why }) => `${key} ${why}`),
      [
        "defaultImage is a list, but takes one value",
        "gravatar is a map, but no key here is nested",
        "allowedHosts is a map, but no key here is nested",
      ],
    );
  });

  it("never shows an encrypted value, not even a part of it", async () => {
    const hidden = {
      allowedHosts: '["hush/hush"]',
      maxLength: "hush",
      colour: "hush",
      gravatar: '{"a":"hush"}',
    };
    const encrypted = [...Object.keys(hidden), `${typo}:x`];
    const { message } = await problemsOf({ ...complete, ...hidden, [`${typo}:x`]: "hush" }, "dev", encrypted);
    assert.doesNotMatch(message, /hush/);
    for (const key of encrypted) assert.ok(message.includes(`- ${key} ([encrypted])`), key);
  });

  it("takes no secret that is not encrypted, and does not show it", async () => {
    const { message } = await problemsOf({ ...complete, clientPrivateKey: "hush" });
    assert.match(message, /clientPrivateKey is a secret and is not encrypted: create a new one/);
    assert.doesNotMatch(message, /hush/);
  });

  it("reports the image and Gravatar's rules with the keys", async () => {
    const others = { defaultImage: "assets/none.png", imageBaseUrl: "https://localhost:9443" };
    const { problems } = await problemsOf({ ...complete, ...others, social: "maybe" });
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["social", "gravatar", "defaultImage"],
    );
  });

  it("takes a domain with https://, a final slash and capitals, and hands it on without them", async () => {
    const { config } = await read({ ...complete, auth0Domain: "https://Acme.EU.auth0.com/" });
    assert.equal(config.auth0Domain, "acme.eu.auth0.com");
  });

  const wrong: Record<string, Record<string, string>> = {
    "a domain with http://": { auth0Domain: "http://acme.eu.auth0.com" },
    "a domain with a path": { auth0Domain: "https://acme.eu.auth0.com/api/v2/" },
    "an account id that lost its leading zero": { awsAccountId: "12345678901" },
    "a bucket name with dots": { imageBucket: "img.acme.com" },
    "a region that is none": { awsRegion: "Frankfurt" },
    "an http base URL": { imageBaseUrl: "http://img.acme.com" },
    "a base URL with a query": { imageBaseUrl: "https://img.acme.com/?a" },
    "hosts that are no list": { allowedHosts: "img.acme.com" },
    "a host with a scheme": { allowedHosts: '["https://img.acme.com"]' },
    "a host with a path": { allowedHosts: '["img.acme.com/a"]' },
    "a host that is a number": { allowedHosts: "[7]" },
    "a host with an empty part": { allowedHosts: '["img..acme.com"]' },
    "a host with a colon and no port": { allowedHosts: '["img.acme.com:"]' },
    "a wildcard with a port": { allowedHosts: '["*.acme.com:8443"]' },
    "a wildcard for everything": { allowedHosts: '["*"]' },
    "a SAML switch that is neither true nor false": { samlPicture: "yes" },
    "a SAML attribute with a blank": { samlAttribute: "my picture" },
    "a maximum length of zero": { maxLength: "0" },
    "a position that is none": { flowPosition: "middle" },
    "a position without a name": { flowPosition: "before:" },
    "a position at one of our own Actions": { flowPosition: "after:default-picture" },
    "a connection without a name": { connections: '[""]' },
    "connections that make no users": { connectionSync: "never_on_login" },
    "connections that sync as by default": { connectionSync: "on_each_login" },
    "a delivery that is none": { imageDelivery: "cdn" },
    "a certificate in another region than CloudFront reads": {
      imageCertificateArn: certificate.replace("us-east-1", "eu-central-1"),
    },
    "a certificate that nothing uses": { imageCertificateArn: certificate },
    "no days for superseded objects": { keepSupersededDays: "0" },
    "an upload origin with a path": { uploadOrigins: '["https://app.acme.com/upload"]' },
    "an upload origin without TLS": { uploadOrigins: '["http://app.acme.com"]' },
    "any host beside a list of hosts": { allowAnyHost: "true", allowedHosts: '["img.acme.com"]' },
    "an Action that is not ours": { replaceDeployed: '["their-action"]' },
  };
  for (const [what, change] of Object.entries(wrong)) {
    it(`refuses ${what}`, async () => {
      assert.deepEqual(
        (await problemsOf({ ...complete, ...change })).problems.map(({ key }) => key),
        Object.keys(change).slice(0, 1),
      );
    });
  }

  it("has the policy's defaults where nothing is set", async () => {
    const { config } = await read(complete);
    assert.deepEqual(config, {
      ...complete,
      imageBaseUrl: undefined,
      imageDelivery: "bucket",
      imageCertificateArn: undefined,
      keepSupersededDays: 30,
      deleteBucketContents: false,
      uploadOrigins: [],
      uploadKey: undefined,
      defaultImage: "assets/default-picture.png",
      gravatar: "fallback",
      social: "keep",
      allowedHosts: [],
      allowAnyHost: false,
      maxLength: 2048,
      samlPicture: false,
      samlAttribute: "http://schemas.auth0.com/picture",
      capabilities: ["show", "change"],
      driftClient: false,
      clientAuthentication: "client_secret_post",
      clientPublicKeys: [],
      clientPrivateKey: undefined,
      clientNextPrivateKey: undefined,
      clientGenerations: [1],
      flowPosition: "last",
      flowOwnership: "shared",
      dropForeignActions: [],
      connections: [],
      copies: "off",
      connectionSync: "on_first_login",
      replaceDeployed: [],
    });
  });

  it("writes upload origins as browsers send them", async () => {
    const { config } = await read({ ...complete, uploadOrigins: '["https://App.acme.com:443/"]' });
    assert.deepEqual(config.uploadOrigins, ["https://app.acme.com"]);
  });

  describe("on stack prod", () => {
    it("needs hosts, or word that any may be", async () => {
      const { message } = await problemsOf(complete, "prod");
      assert.match(message, /allowedHosts is empty.*allowAnyHost/);
      await read({ ...complete, allowAnyHost: "true" }, "prod");
      await read({ ...complete, allowedHosts: '["img.acme.com"]' }, "prod");
    });
  });

  describe("with CloudFront", () => {
    const cloudFront = {
      ...complete,
      imageDelivery: "cloudfront",
      imageBaseUrl: "https://img.acme.com",
      imageCertificateArn: certificate,
      gravatar: "never",
    };
    const wrongWithCloudFront: Record<string, Record<string, string>> = {
      "without a domain": { imageBaseUrl: "" },
      "with a path behind the domain": { imageBaseUrl: "https://img.acme.com/pictures" },
      "with a port": { imageBaseUrl: "https://img.acme.com:8443" },
      "with a domain of Amazon's": { imageBaseUrl: "https://d111111abcdef8.cloudfront.net" },
      "without a certificate": { imageCertificateArn: "" },
      "with another account's certificate": {
        imageCertificateArn: certificate.replace("123456789012", "210987654321"),
      },
      "in a region that has none": { awsRegion: "cn-north-1" },
    };
    for (const [what, change] of Object.entries(wrongWithCloudFront)) {
      it(`is refused ${what}`, async () => {
        const { problems } = await problemsOf({ ...cloudFront, ...change });
        assert.deepEqual(
          problems.map(({ key }) => key),
          Object.keys(change),
        );
      });
    }

    it("names both keys where both are missing, and no key twice", async () => {
      const { problems } = await problemsOf({ ...complete, imageDelivery: "cloudfront" });
      assert.deepEqual(problems.map(({ key }) => key).sort(), ["imageBaseUrl", "imageCertificateArn"]);
      const wrong = await problemsOf({ ...cloudFront, imageBaseUrl: "http://a", imageCertificateArn: "arn" });
      assert.deepEqual(wrong.problems.map(({ key }) => key).sort(), ["imageBaseUrl", "imageCertificateArn"]);
    });

    it("points the default image at the domain", async () => {
      const { settings } = await read(cloudFront);
      assert.match(settings.defaultUrl, /^https:\/\/img\.acme\.com\/default-[\da-f]{16}\.png$/);
    });
  });

  it("writes internationalised hosts as a login sees them", async () => {
    const { config } = await read({
      ...complete,
      allowedHosts: '["Bücher.example", "*.Acme.com", "localhost:09443", "img.acme.com."]',
    });
    assert.deepEqual(config.allowedHosts, [
      "xn--bcher-kva.example",
      "*.acme.com",
      "localhost:9443",
      "img.acme.com",
    ]);
  });
});
