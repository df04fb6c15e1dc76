import type { S3Client } from "@aws-sdk/client-s3";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { s3Client } from "../local/s3/s3-clients.ts";
import { managementApi, type ManagementApi } from "../management-api.ts";

/** What somebody beside the program can do to a local world. */
export interface Outside {
  readonly api: ManagementApi;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly actionId: (name: string) => Promise<string>;
  /** The picture client. */
  readonly clientId: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function outsideOf({ tenant, caFile, s3 }: LocalWorld): Promise<Outside> {
  const api = await managementApi({ ...tenant, caFile });
  const client = s3Client(s3, { certificates: { caFile } });
  return {
    api,
    s3: client,
    bucket: s3.bucket,
    actionId: async (name) => {
      const { actions } = (await api.call("GET", `/actions/actions?actionName=${name}`)) as {
        actions: { id: string }[];
      };
      return actions[0]?.id ?? "";
    },
    clientId: async () => {
      const { clients } = (await api.call("GET", "/clients?include_totals=true&per_page=100")) as {
        clients: { client_id: string; client_metadata?: { managed_by?: string } }[];
      };
      return clients.find(({ client_metadata: mark }) => mark?.managed_by !== undefined)?.client_id ?? "";
    },
    close: () => {
      client.destroy();
      return api.close();
    },
  };
}
