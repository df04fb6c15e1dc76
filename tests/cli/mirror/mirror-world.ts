import type { IncomingMessage, ServerResponse } from "node:http";
import { CreateBucketCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { User } from "../../../auth0/user.ts";
import type { ProbeNetwork } from "../../../cli/image/public-network.ts";
import { carryOut, type MirrorResult } from "../../../cli/mirror/carry-out.ts";
import { selectionBy, type SelectionOptions } from "../../../cli/mirror/noted-copy.ts";
import type { People } from "../../../cli/people/people.ts";
import { createCopyStore, type CopyStore } from "../../../cli/storage/copy-store.ts";
import { createProgress } from "../../../lib/progress.ts";
import { startS3, type S3Server } from "../../../local/s3/start-s3.ts";
import { s3Client } from "../../local/s3/s3-clients.ts";
import { s3Options } from "../../local/s3/s3-options.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { startPictureServer, type PictureServer } from "../image/picture-server.ts";
import { peopleOfTenant, type TenantPeople } from "../people/tenant-people.ts";

/** Scopes of capability `mirror`. */
export const mirrorScopes = ["read:users", "update:users_app_metadata"];

export interface MirrorWorld extends Omit<TenantPeople, "people"> {
  /** With the scopes of capability `mirror`. */
  readonly people: People;
  readonly peopleWith: TenantPeople["people"];
  /** The provider: its address, and what it was asked for since the test began. */
  readonly host: PictureServer;
  readonly requests: IncomingMessage[];
  readonly s3: S3Client;
  readonly store: CopyStore;
  readonly network: ProbeNetwork;
  /** Creates a user of the provider, or of any other. */
  readonly addUser: (n: number, picture: string, more?: Readonly<Record<string, unknown>>) => string;
  readonly user: (id: string) => Promise<Record<string, unknown>>;
  readonly keys: () => Promise<string[]>;
  readonly mirror: (
    users: AsyncIterable<User> | readonly User[],
    options?: Partial<SelectionOptions>,
  ) => Promise<MirrorResult>;
}

const bucket = "acme-pictures";

/** A tenant, a bucket and a provider for each test, whose pictures `answer` gives. */
export function mirrorWorld(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): () => MirrorWorld {
  const setup = peopleOfTenant();
  const folder = temporaryFolder();
  let world: MirrorWorld;
  let server: S3Server;

  beforeEach(async () => {
    const options = await s3Options(folder());
    server = await startS3(options);
    const s3 = s3Client(server, options);
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const requests: IncomingMessage[] = [];
    const host = await startPictureServer(folder(), (request, response) => {
      requests.push(request);
      answer(request, response);
    });
    // The names lead to the stand-in, whose address counts as public here; everything else is as it is outside of tests.
    const network: ProbeNetwork = {
      lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
      isAllowed: (address) => address === "127.0.0.1",
      ca: host.ca,
    };
    const people = await setup().people(...mirrorScopes);
    const { tenant, api } = setup();
    const store = createCopyStore({ bucket, region: server.region, baseUrl: "https://img.acme.com" }, s3);
    world = {
      ...setup(),
      people,
      peopleWith: setup().people,
      host,
      requests,
      s3,
      store,
      network,
      addUser: (n, picture, more = {}) => {
        const user_id = `google-oauth2|${n}`;
        const identities = [
          { provider: "google-oauth2", connection: "google", user_id: String(n), isSocial: true },
        ];
        tenant.users.create({ user_id, picture, identities, ...more });
        return user_id;
      },
      user: async (id) =>
        (await api("GET", `/users/${encodeURIComponent(id)}`)).body as unknown as Record<string, unknown>,
      keys: async () => {
        const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
        return objects.map(({ Key: key = "" }) => key);
      },
      mirror: (users, selected = {}) =>
        carryOut(people, {
          users: asAsync(users),
          selection: selectionBy(
            { connection: undefined, maxAge: undefined, limit: undefined, ...selected },
            people.settings,
            people.now(),
          ),
          progress: createProgress({}, { write: () => undefined }),
          network,
          store,
        }),
    };
  });
  afterEach(async () => {
    world.store.close();
    await world.host.stop();
    await server.stop();
  });
  return () => world;
}

/** Users as a command reads them. */
export async function* asAsync(users: AsyncIterable<User> | readonly User[]): AsyncGenerator<User> {
  yield* users;
}
