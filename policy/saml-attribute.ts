import { readPath } from "./read-path.ts";
import type { PictureSettings } from "./settings.ts";

/** The attribute that the application of this login gets the picture as: only with SAML, and where it is set. */
export function samlAttributeOf(event: unknown, settings: PictureSettings): string | undefined {
  return readPath(event, "transaction", "protocol") === "samlp" ? settings.samlAttribute : undefined;
}
