import { readPath } from "./read-path.ts";

/** Whether the application wants pictures left as they are: its client metadata has `picture_policy: "off"`. */
export function optsOut(event: unknown): boolean {
  return readPath(event, "client", "metadata", "picture_policy") === "off";
}
