/**
 * The provider plugin's program: serves on a free port of the loopback address and says which one. The engine
 * ends it; if the engine was killed, it ends by itself.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { watchOwner } from "../processes/watch-owner.ts";
import { providerService } from "./provider-service.ts";
import { createProvider } from "./provider.ts";

// The SDK announces at every start when its support for this Node ends; package.json says which Node is meant.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const server = new Server(noLimit);
server.addService(ResourceProviderService, providerService(createProvider(process.env)));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
watchOwner({ onGone: () => process.exit(1) });
