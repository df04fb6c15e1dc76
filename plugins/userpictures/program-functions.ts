import { sha256 } from "../../lib/hash.ts";
import type { PropertyMap } from "../grpc/property-map.ts";
import { readFlow } from "./flow/binding.ts";
import { textOf, type TenantConnection } from "./resource-type.ts";

/** A tenant may have 100 Actions: one page holds them, if Auth0 takes so large a one. */
const pageSize = 100;
const mostPages = 10;

interface Version {
  readonly id?: unknown;
  readonly number?: unknown;
  readonly code?: unknown;
}

interface ActionList {
  readonly actions?: readonly { readonly name?: unknown; readonly deployed_version?: Version }[];
  readonly total?: unknown;
}

/**
 * `userpictures:index:deployedVersions`: what runs of each post-login Action, as a list of `name`, `versionId`, `number`
 * and `codeHash` (SHA-256 in hexadecimal). An Action that was never deployed is not in it. One read, unless Auth0 makes
 * its pages smaller.
 */
export const deployedVersions = {
  token: "userpictures:index:deployedVersions",
  call: async ({ api }: TenantConnection): Promise<PropertyMap> => {
    const actions: NonNullable<ActionList["actions"]>[number][] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const query = `triggerId=post-login&page=${page}&per_page=${pageSize}`;
      const list = ((await api.get(`/actions/actions?${query}`)) ?? {}) as ActionList;
      actions.push(...(list.actions ?? []));
      // `total` is left out where it is 0.
      const isLast = (list.actions ?? []).length === 0 || actions.length >= Number(list.total ?? 0);
      if (isLast) break;
    }
    return { actions: actions.flatMap(({ name, deployed_version: version }) => deployed(name, version)) };
  },
} as const;

function deployed(name: unknown, version: Version | undefined): PropertyMap[] {
  const { id, number, code } = version ?? {};
  if (typeof name !== "string" || typeof id !== "string" || typeof code !== "string") return [];
  return [{ name, versionId: id, number: typeof number === "number" ? number : 0, codeHash: sha256(code) }];
}

/** `userpictures:index:boundActions`: the Actions of a trigger's flow in their order. */
export const boundActions = {
  token: "userpictures:index:boundActions",
  call: async ({ api, seenFlows }: TenantConnection, args: PropertyMap): Promise<PropertyMap> => {
    const trigger = textOf(args, "trigger");
    const flow = await readFlow(api, trigger);
    seenFlows.set(trigger, flow);
    return { actions: flow.map(({ displayName, action: { id, name } }) => ({ id, name, displayName })) };
  },
} as const;
