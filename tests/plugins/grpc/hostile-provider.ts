import { serveProvider } from "../../../plugins/grpc/serve-provider.ts";
import type { Provider } from "../../../plugins/grpc/provider.ts";
import { hostile } from "../../printable.ts";

/** A plugin that says everything in hostile words. */
const fail = () => Promise.reject(new Error(hostile));
const provider: Provider = {
  configure: fail,
  check: () => ({ inputs: {}, problems: [{ property: "name", reason: hostile }], warnings: [hostile] }),
  diff: () => [],
  create: fail,
  read: fail,
  update: fail,
  remove: fail,
  invoke: fail,
};

serveProvider(provider, { version: "0.0.0", describe: String });
