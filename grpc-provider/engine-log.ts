import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/**
 * Shows warnings with the resource of the URN, in the engine's own output.
 *
 * @param address Where the engine listens: the last argument that it starts a plugin with. Without one, as where a
 *   debugger started the plugin, warnings are dropped.
 */
export function engineWarnings(address: string | undefined): (urn: string, message: string) => Promise<void> {
  if (address === undefined || !/:\d+$/.test(address)) return () => Promise.resolve();
  const engine = new EngineClient(address, credentials.createInsecure());
  return (urn, message) => {
    const request = new LogRequest().setSeverity(LogSeverity.WARNING).setUrn(urn).setMessage(message);
    // A warning that does not arrive must not fail a deployment.
    return new Promise((resolve) => engine.log(request, () => resolve()));
  };
}
