import type { PropertyMap } from "../../grpc-provider/property-map.ts";
import { textOf } from "../resource-type.ts";
import type { TenantConnection } from "../tenant-connection.ts";
import { readFlow } from "./binding.ts";

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
