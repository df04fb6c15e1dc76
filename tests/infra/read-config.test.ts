import assert from "node:assert/strict";
import { ConfigError } from "../../infra/config-error.ts";
import { readStack } from "../../infra/read-stack.ts";

const complete = {
  auth0Domain: "acme-dev.eu.auth0.com",
  awsAccountId: "123456789012",
  awsRegion: "eu-central-1",
  imageBucket: "acme-dev-user-pictures",
};

function read(values: Record<string, string>) {
  const entries = Object.entries(values).map(([key, text]) => [`auth0-user-pictures:${key}`, text]);
  return readStack("dev", Object.fromEntries(entries) as Record<string, string>);
}

async function problemsOf(values: Record<string, string>): Promise<ConfigError> {
  try {
    await read(values);
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
    assert.match(error.message, /colour is not a key of this project/);
  });

  it("reports the image and Gravatar's rules with the keys", async () => {
    const others = { defaultImage: "assets/none.png", imageBaseUrl: "https://localhost:9443" };
    const { problems } = await problemsOf({ ...complete, ...others, social: "maybe" });
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["social", "gravatar", "defaultImage"],
    );
  });

  const wrong: Record<string, Record<string, string>> = {
    "a domain with https://": { auth0Domain: "https://acme.eu.auth0.com" },
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
  };
  for (const [what, change] of Object.entries(wrong)) {
    it(`refuses ${what}`, async () => {
      assert.deepEqual(
        (await problemsOf({ ...complete, ...change })).problems.map(({ key }) => key),
        Object.keys(change),
      );
    });
  }

  it("has the policy's defaults where nothing is set", async () => {
    const { config } = await read(complete);
    assert.deepEqual(config, {
      ...complete,
      imageBaseUrl: undefined,
      defaultImage: "assets/default-picture.png",
      gravatar: "fallback",
      social: "keep",
      allowedHosts: [],
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
      connectionSync: "on_first_login",
    });
  });

  it("leaves other projects' keys alone", async () => {
    await readStack("dev", { ...prefixed(), "aws:region": "x" });
    function prefixed(): Record<string, string> {
      return Object.fromEntries(Object.entries(complete).map(([k, v]) => [`auth0-user-pictures:${k}`, v]));
    }
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
