import type { FlowResult } from "./flow.ts";

/** An Action as it goes to a child: its code only by hash, and once for each child beside it. */
export interface SentAction {
  id: string;
  name: string;
  codeHash: string;
  secrets: Record<string, string>;
}

export interface RunMessage {
  type: "run";
  actions: SentAction[];
  /** Code that this child has not been sent before, by hash. */
  newCode: Record<string, string>;
  /** The event, without secrets, as JSON text. */
  event: string;
}

export type ChildMessage =
  | { type: "ready" }
  /** The Action with this index is about to run. */
  | { type: "started"; index: number }
  | { type: "result"; result: FlowResult }
  /** The same, from a child that is of no more use. */
  | { type: "crashed"; result: FlowResult };

export function isChildMessage(message: unknown): message is ChildMessage {
  if (typeof message !== "object" || message === null || !("type" in message)) return false;
  return ["ready", "started", "result", "crashed"].includes(String(message.type));
}
