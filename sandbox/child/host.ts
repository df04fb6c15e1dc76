import type { EffectKind } from "../flow.ts";

/** What the child's own realm hands into an Action's context. */
export interface Host {
  require: (name: string) => unknown;
  setTimer: (callback: () => void, delayMs: number, repeat: boolean) => number;
  clearTimer: (id: number) => void;
  /** Formats like console.log and keeps the line, within its bounds. */
  print: (values: unknown[]) => void;
  /** Constructors and objects of the platform that an Action finds as globals. */
  globals: Record<string, unknown>;
  versions: Record<string, string>;
}

/** What the code in an Action's context hands back; everything but functions passes as JSON text. */
export interface ActionRealm {
  /** Runs one Action's handler to its end. Never rejects. */
  run: (handlerModule: ActionModule, eventJson: string) => Promise<string>;
  /** The `module` and `require` for one Action's code. */
  createModule: () => ActionModule;
}

export interface ActionModule {
  module: { exports: Record<string, unknown> };
  require: (name: string) => unknown;
}

/** The JSON that {@link ActionRealm.run} resolves with. */
export interface RealmOutcome {
  effects: { kind: EffectKind; name: string; value?: unknown }[];
  denied?: string;
  error?: string;
}
