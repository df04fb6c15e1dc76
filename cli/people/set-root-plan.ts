import { readConnectionSync, rootPictureSynced } from "../../auth0/tenant-users.ts";
import { primaryIdentity, type User } from "../../auth0/user.ts";
import { disablesGravatar } from "../../policy/login.ts";
import { probePictureUrl } from "../image/probe-picture-url.ts";
import { endNotes } from "./address-end.ts";
import type { Plan } from "./change-picture.ts";
import type { People } from "./people.ts";
import { checkPictureUrl } from "./picture-fault.ts";

/**
 * A new root picture.
 *
 * @throws ExpectedError `root-picture-synced` where Auth0 would refuse it, or as `checkPictureUrl`, `endNotes` and the probe do.
 */
export async function setRootPlan(people: People, user: User, text: string, probe: boolean): Promise<Plan> {
  const url = checkPictureUrl(text, people.settings, disablesGravatar({ user }));
  const notes = endNotes(url, people.now());
  const identity = primaryIdentity(user);
  const sync = await readConnectionSync(people.access, identity);
  if (sync === "each-login") throw rootPictureSynced(identity.connection);
  if (probe) await probePictureUrl(url);
  return {
    change: { picture: url },
    notes: ["This is the profile's own picture, which every application and the dashboard show.", ...notes],
  };
}
