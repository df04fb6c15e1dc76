import assert from "node:assert/strict";
import { terraformConfig } from "../../../bench/subjects/terraform.ts";
import { actionList } from "../../../stack/actions.ts";
import { recordStack } from "../../record-stack.ts";

type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

const ofPulumi: Readonly<Record<string, string>> = {
  "auth0:index/action:Action": "auth0_action",
  "auth0:index/client:Client": "auth0_client",
  "auth0:index/clientCredentials:ClientCredentials": "auth0_client_credentials",
  "auth0:index/clientGrant:ClientGrant": "auth0_client_grant",
};

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe("the Terraform configuration that is compared with ours", () => {
  it("sets what the program sets, of as many resources", async () => {
    const actions = actionList.map(({ name }) => ({ name, codeFile: `${name}.js` }));
    const { resource } = terraformConfig(actions, "https://acme.auth0.com/api/v2/", []) as {
      resource: Resources;
    };
    const { resources } = await recordStack("dev");
    for (const [type, theirs] of Object.entries(ofPulumi)) {
      const inputs = resources
        .filter((recorded) => recorded.type === type)
        .map((recorded) => recorded.inputs);
      const set = (values: object) => Object.keys(values).map(snakeCase).sort().join();
      assert.deepEqual(Object.values(resource[theirs] ?? {}).map(set), inputs.map(set), type);
    }
    assert.deepEqual(Object.keys(resource["auth0_trigger_actions"] ?? {}), ["login"]);
  });
});
