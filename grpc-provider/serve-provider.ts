import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { engineWarnings } from "./engine-log.ts";
import { providerService, type ServiceOptions } from "./provider-service.ts";
import type { Provider } from "./provider.ts";

/** Serves on a free port of the loopback address and says on standard output which one, as the engine expects. */
export function serveProvider(provider: Provider, options: Omit<ServiceOptions, "warn">): void {
  const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(noLimit);
  const warn = engineWarnings(process.argv.at(-1));
  server.addService(ResourceProviderService, providerService(provider, { ...options, warn }));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
  });
}
