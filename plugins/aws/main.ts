/**
 * The provider plugin's program: serves on a free port of the loopback address and says which one. The engine
 * ends it; if the engine was killed, it ends by itself.
 */
import { ExpectedError, withCode } from "../../lib/errors.ts";
import { watchOwner } from "../../lib/watch-owner.ts";
import { serveProvider } from "../grpc/serve-provider.ts";
import { errorName, isS3Error } from "./connection.ts";
import { createProvider } from "./provider.ts";

// The SDK announces at every start when its support for this Node ends; package.json says which Node is meant.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

/** The version of `@pulumi/aws` whose plugin this stands in for. */
const version = "7.48.0";

function describe(error: unknown): string {
  if (error instanceof ExpectedError) return withCode(error);
  if (isS3Error(error)) return `The S3 server refuses it: ${error.name}: ${error.message}`;
  return `The local stand-in of the AWS provider failed: ${errorName(error)}`;
}

serveProvider(createProvider(process.env), { version, describe });
watchOwner({ onGone: () => process.exit(1) });
