import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Server, ServerCredentials, type sendUnaryData, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { typescriptLoader } from "../../../lib/project.ts";
import { assertPrintable } from "../../printable.ts";

describe("what a plugin tells the engine, which prints it as it is", () => {
  const warnings: string[] = [];
  let engine: Server;
  let plugin: ReturnType<typeof spawn>;
  let client: ResourceProviderClient;

  before(async () => {
    engine = new Server();
    engine.addService(EngineService, {
      log: ({ request }: { request: LogRequest }, answer: sendUnaryData<Empty>) => {
        warnings.push(request.getMessage());
        answer(null, new Empty());
      },
    });
    const port = await new Promise<number>((resolve, reject) =>
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    const args = ["--require", typescriptLoader, join(__dirname, "hostile-provider.ts"), `127.0.0.1:${port}`];
    plugin = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface(plugin.stdout!), "line")) as [string];
    client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    const exited = once(plugin, "exit");
    plugin.kill("SIGKILL");
    await exited;
    engine.forceShutdown();
  });

  it("is without what a terminal obeys: an error", async () => {
    const error = await new Promise<ServiceError | null>((resolve) =>
      client.create(new rpc.CreateRequest(), resolve),
    );
    assertPrintable(error?.details ?? "", "error");
    assert.match(error?.details ?? "", /^Error: zz\\u001b/);
  });

  it("is without what a terminal obeys: a refusal and a warning", async () => {
    const answer = await new Promise<rpc.CheckResponse>((resolve, reject) =>
      client.check(new rpc.CheckRequest(), (error, response) =>
        error === null ? resolve(response) : reject(error),
      ),
    );
    const [failure] = answer.getFailuresList();
    assertPrintable(failure?.getReason() ?? "", "refusal");
    assert.match(failure?.getReason() ?? "", /^zz\\u001b/);
    assert.equal(warnings.length, 1);
    assertPrintable(warnings[0] ?? "", "warning");
  });
});
