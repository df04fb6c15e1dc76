import type { PictureSettings } from "../policy/settings.ts";
import type { ActionName } from "./action-list.ts";
import { writeBundleHeader } from "./bundle-header.ts";
import { bundleOwnSources } from "./bundle-own-sources.ts";
import { refuseTooLarge } from "./guards/code-size.ts";
import { projectVersion } from "./project-version.ts";

/** The code of one Action as Auth0 gets it. */
export interface ActionBundle {
  readonly name: ActionName;
  readonly code: string;
}

/**
 * Bundles every Action with the settings built in, in the order in which they run. The same sources and
 * settings give the same bytes.
 */
export function bundleActions(settings: PictureSettings): ActionBundle[] {
  const version = projectVersion();
  return bundleOwnSources().map(({ name, code: text, sourceHash }) => {
    const code = writeBundleHeader({ name, version, sourceHash, settings }) + text;
    refuseTooLarge(name, code);
    return { name, code };
  });
}
