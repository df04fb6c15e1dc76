import { decideOwnPicture } from "../../policy/own-picture.ts";
import { decideRootPicture } from "../../policy/root-picture.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { specialReasons, type FlowSettings } from "./comparison.ts";

/** What the policy of this checkout says that a flow does. */
export interface Expectation {
  readonly reason: string;
  /** Null: none is set. */
  readonly claim: string | null;
}

/**
 * What both flows are expected to do with the same event. What is expected of the new one is only asked for where it can be another
 * thing: `policy/` is a function of the event and of those settings that it looks at, and it looks at few of them for most users.
 */
export function expectations(
  before: FlowSettings,
  after: FlowSettings,
): (event: object) => { readonly old: Expectation; readonly new: Expectation } {
  const watch = { looked: false };
  const watched = hasSameKinds(before, after) ? watchedFlow(before, after, watch) : undefined;
  return (event) => {
    watch.looked = watched === undefined;
    const old = expectation(event, watched ?? before);
    return { old, new: watch.looked ? expectation(event, after) : old };
  };
}

/**
 * The code sets a claim and gives no reason: it is what `policy/` decides with the settings in the code's header. The event
 * is a login that asks for the profile, in an application that does not opt out.
 */
function expectation(event: object, { own, root }: FlowSettings): Expectation {
  if (own === null || root === null) return { reason: specialReasons.unknown, claim: null };
  const verdict = own && decideOwnPicture(event, own);
  if (verdict) return verdict;
  return root ? decideRootPicture(event, root) : { reason: specialReasons.none, claim: null };
}

/** Whether the flows have the same kinds of Actions, with settings that can be read or without them. */
function hasSameKinds(before: FlowSettings, after: FlowSettings): boolean {
  const kind = (settings: PictureSettings | null | undefined) => (settings ? "read" : settings);
  return kind(before.own) === kind(after.own) && kind(before.root) === kind(after.root);
}

interface Watch {
  looked: boolean;
}

/** The flow's settings, which say when one is looked at that differs in the other flow. */
function watchedFlow({ own, root }: FlowSettings, other: FlowSettings, watch: Watch): FlowSettings {
  return {
    ...(own && other.own ? { own: watchedSettings(own, other.own, watch) } : { own }),
    ...(root && other.root ? { root: watchedSettings(root, other.root, watch) } : { root }),
  } as FlowSettings;
}

function watchedSettings(settings: PictureSettings, other: PictureSettings, watch: Watch): PictureSettings {
  const watched = { ...settings };
  const names = new Set([...Object.keys(settings), ...Object.keys(other)]) as Set<keyof PictureSettings>;
  for (const name of names) {
    if (JSON.stringify(settings[name]) === JSON.stringify(other[name])) continue;
    Object.defineProperty(watched, name, {
      enumerable: true,
      get: () => {
        watch.looked = true;
        return settings[name];
      },
    });
  }
  return watched;
}
