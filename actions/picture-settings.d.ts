import type { PictureSettings } from "../policy/settings.ts";

declare global {
  /** The environment's settings: the bundler puts the object in the place of this name. */
  const PICTURE_SETTINGS: PictureSettings;
}
