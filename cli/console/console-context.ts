import type { Environment } from "../../lib/environment.ts";
import type { ChangesUnderWay } from "./changes-under-way.ts";
import type { ConsolePictures } from "./console-pictures.ts";
import type { OpaqueKeys } from "./opaque-keys.ts";
import type { PeopleSource } from "./people-source.ts";

/** What every page of a running console needs. */
export interface ConsoleContext {
  /** What every path begins with, without a final slash. */
  readonly base: string;
  readonly stack: string;
  readonly env: Environment;
  readonly people: PeopleSource;
  readonly changes: ChangesUnderWay;
  /** Names of users' ids, for addresses. */
  readonly users: OpaqueKeys;
  readonly pictures: ConsolePictures;
  /** The server that sends pictures alone. */
  readonly pictureOrigin: string;
  /** Where the console shows the picture that is at this URL. */
  readonly pictureAddress: (url: string) => string;
  /** Reasons for blocks to choose from. */
  readonly reasons: readonly string[];
  /** Whether the forum's avatars are cleared too. */
  readonly discourse: boolean;
}
