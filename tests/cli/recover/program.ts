import type { Program, ProgramResource } from "../../../cli/recover/program-resources.ts";

const stackUrn = "urn:pulumi:dev::pictures::";
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const urns = {
  stack: `${stackUrn}pulumi:pulumi:Stack::pictures-dev`,
  provider: `${stackUrn}pulumi:providers:auth0::auth0`,
  component: `${stackUrn}pictures:index:ManagementClient::management-client`,
  client: `${stackUrn}pictures:index:ManagementClient$auth0:index/client:Client::user-pictures`,
  grant: `${stackUrn}pictures:index:ManagementClient$auth0:index/clientGrant:ClientGrant::user-pictures`,
};

export type Ops = Readonly<Partial<Record<keyof typeof urns, string>>>;

/** What a preview of a client with its grant prints, everything to be created unless `ops` says otherwise. */
export function previewText(ops: Ops = {}): string {
  const provider = `${urns.provider}::${unknown}`;
  const step = (name: keyof typeof urns, state: object) => ({
    op: ops[name] ?? "create",
    urn: urns[name],
    newState: { urn: urns[name], ...state },
  });
  const component = { parent: urns.component, provider, custom: true };
  return JSON.stringify({
    config: { "pictures:auth0Domain": "acme.eu.auth0.com" },
    steps: [
      step("stack", { type: "pulumi:pulumi:Stack", custom: false }),
      step("provider", {
        type: "pulumi:providers:auth0",
        custom: true,
        parent: urns.stack,
        inputs: { __internal: {}, domain: "acme.eu.auth0.com", version: "3.49.0" },
      }),
      step("component", { type: "pictures:index:ManagementClient", custom: false, parent: urns.stack }),
      step("client", { ...component, type: "auth0:index/client:Client", inputs: { name: "User pictures" } }),
      step("grant", {
        ...component,
        type: "auth0:index/clientGrant:ClientGrant",
        inputs: { clientId: unknown, audience: "api" },
        propertyDependencies: { clientId: [urns.client], audience: [] },
      }),
    ],
  });
}

export function resourceNamed({ resources }: Program, name: keyof typeof urns): ProgramResource {
  const found = resources.find(({ urn }) => urn === urns[name]);
  if (found === undefined) throw new Error(`The program has no ${name}.`);
  return found;
}
