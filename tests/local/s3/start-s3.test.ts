import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { pollUntil } from "../../../lib/clock.ts";
import { typescriptLoader } from "../../../lib/project.ts";
import { startS3, type S3Options, type S3Server } from "../../../local/s3/start-s3.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { anonymousStatus, s3Client } from "./s3-clients.ts";
import { s3Options } from "./s3-options.ts";

describe("startS3", () => {
  const folder = temporaryFolder();
  const servers: S3Server[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  async function start(options: S3Options): Promise<S3Server> {
    const server = await startS3(options);
    servers.push(server);
    return server;
  }

  it("says what to do where there is no server to run", async () => {
    const versitygw = join(folder(), "nothing");
    const error = await failure(startS3({ ...(await s3Options(folder())), versitygw }));
    assert.equal(error.code, "s3-missing");
    assert.match(error.message, /npm run toolchain/);
  });

  it("refuses a port that another program has", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const error = await failure(startS3({ ...(await s3Options(folder())), port }));
    other.close();
    assert.equal(error.code, "port-in-use");
    assert.match(error.message, new RegExp(`Port ${port} `));
  });

  it("does not take another run's server on that port for its own", async () => {
    const options = await s3Options(folder());
    const { endpoint } = await start(options);
    const error = await failure(startS3({ ...options, port: Number(new URL(endpoint).port) }));
    assert.equal(error.code, "port-in-use");
  });

  it("reports why the server did not start", async () => {
    const options = await s3Options(folder());
    writeFileSync(options.certificates.keyFile, "no key");
    const error = await failure(startS3(options));
    assert.equal(error.code, "s3-failed");
    assert.match(error.message, /certificate|PEM/i);
  });

  it("refuses a wrong secret key", async () => {
    const options = await s3Options(folder());
    const client = s3Client(await start(options), options, "wrong");
    await assert.rejects(client.send(new ListBucketsCommand({})), { name: "SignatureDoesNotMatch" });
    client.destroy();
  });

  it("shows an object to everybody only where the bucket's policy says so, and never the list", async () => {
    const options = await s3Options(folder());
    const server = await start(options);
    const client = s3Client(server, options);
    await client.send(new CreateBucketCommand({ Bucket: "pictures" }));
    await client.send(new PutObjectCommand({ Bucket: "pictures", Key: "a.png", Body: "a" }));
    assert.equal(await anonymousStatus(server, options, "/pictures/a.png"), 403);

    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::pictures/*" },
      ],
    });
    await client.send(new PutBucketPolicyCommand({ Bucket: "pictures", Policy }));
    assert.equal(await anonymousStatus(server, options, "/pictures/a.png"), 200);
    assert.equal(await anonymousStatus(server, options, "/pictures?list-type=2"), 403);
    client.destroy();
  });

  it("finds the objects again after a restart", async () => {
    const options = await s3Options(folder());
    const first = await start(options);
    const before = s3Client(first, options);
    await before.send(new CreateBucketCommand({ Bucket: "pictures" }));
    await before.send(new PutObjectCommand({ Bucket: "pictures", Key: "a.txt", Body: "kept" }));
    before.destroy();
    await first.stop();

    const after = s3Client(await start(options), options);
    const { Body } = await after.send(new GetObjectCommand({ Bucket: "pictures", Key: "a.txt" }));
    assert.equal(await Body?.transformToString(), "kept");
    after.destroy();
  });

  it("listens on the loopback address alone", async function () {
    const { endpoint } = await start(await s3Options(folder()));
    const addresses = Object.values(networkInterfaces()).flat();
    const outside = addresses.find((address) => address?.family === "IPv4" && !address.internal);
    if (outside === undefined) this.skip();
    assert.equal(await accepts(Number(new URL(endpoint).port), outside.address), false);
  });

  it("is gone after stop, and says how it ended", async () => {
    const server = await start(await s3Options(folder()));
    await server.stop();
    assert.equal(await accepts(Number(new URL(server.endpoint).port)), false);
    assert.match(await server.ended, /it ended with/);
  });

  it("ends with the program that started it, even one killed with -9", async () => {
    const args = ["--require", typescriptLoader, join(__dirname, "serving-program.ts"), folder()];
    const program = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [endpoint] = (await once(program.stdout, "data")) as [Buffer];
    const port = Number(new URL(endpoint.toString()).port);
    assert.equal(await accepts(port), true);
    program.kill("SIGKILL");
    assert.ok(await pollUntil(async () => !(await accepts(port)), { withinMs: 45_000 }));
  });
});

async function failure(starting: Promise<S3Server>): Promise<Error & { code?: unknown }> {
  try {
    await (await starting).stop();
  } catch (error) {
    return error as Error;
  }
  return assert.fail("It started");
}

function accepts(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
