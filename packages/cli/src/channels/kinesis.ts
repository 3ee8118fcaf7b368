// SPDX-License-Identifier: MIT
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { type BodyReader, decodeMessage, type DeliveryContent } from "@ledger-loader/core";
import { awsClientConfig, withAwsClient } from "./aws-client";
import { isNamed, type Channel, type SourceAccess, type TargetAccess } from "./channel";
import { leaseFrom, withCheckpoints } from "./checkpoint-place";
import { Reachability } from "./reachability";
import { StreamRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

const FORM = { form: "STREAM", accepts: isNamed };

const target: TargetAccess = {
  ...FORM,
  does: "to a Kinesis data stream",
  consumed: "the stream is consumed",
  withPublisher: (streamName, { env, region, aggregate }, work) =>
    withStreamClient(env, streamName, region, async (client) => {
      const { createKinesisPublisher } = await import("@ledger-loader/kinesis");
      return work(createKinesisPublisher({ client, streamName, aggregate }));
    }),
};

const source: SourceAccess = {
  ...FORM,
  example: "journal",
  options: ["checkpoints", "lease", "qldbStream", "from"],
  // Nothing but the record itself waits in a stream, and its predecessor may be in a shard that is far behind.
  defaults: () => ({ PARK_WAIT_MS: "3600000" }),
  channelOf: ({ qldbStream }) => (qldbStream === true ? "qldb-stream" : "kinesis"),
  withConsumer(streamName, { env, options, loader, logger }, work) {
    const { qldbStream, from, region } = options;
    const reachability = new Reachability();
    return withCheckpoints(env, `kinesis:${streamName}`, options, (checkpoints) =>
      withStreamClient(env, streamName, region, async (client) => {
        const { createKinesisConsumer, decodeQldbStreamRecord } = await import("@ledger-loader/kinesis");
        reachability.watch(client);
        const consumer = createKinesisConsumer({
          client,
          streamName,
          loader,
          checkpoints,
          decode: qldbStream === true ? decodeQldbStreamRecord : undefined,
          startAt: from,
          ...leaseFrom(options),
          logger,
        });
        return work(consumer, reachability);
      }),
    );
  },
};

/** Kinesis data streams: of events, and those that carry a ledger's journal. */
export const kinesis: Channel = {
  target,
  source,
  letters: {
    kinesis: { decode: decodeMessage },
    "qldb-stream": { decode: decodeStreamLetter },
  },
};

function decodeStreamLetter(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  const adapter =
    // oxlint-disable-next-line typescript/no-require-imports -- loaded by the first letter, which does not wait for it
    require("@ledger-loader/kinesis") as typeof import("@ledger-loader/kinesis");
  return adapter.decodeQldbStreamRecord(typeof body === "string" ? Buffer.from(body) : body, read);
}

/** Runs `work` with a client for a Kinesis data stream, of AWS or of an emulator, and ends the client. */
async function withStreamClient<T>(
  env: Terminal["env"],
  streamName: string,
  region: string | undefined,
  work: (client: KinesisClient) => Promise<T>,
): Promise<T> {
  const config = awsClientConfig(env, "KINESIS", region);
  const [sdk, { NodeHttpHandler }] = await Promise.all([
    import("@aws-sdk/client-kinesis"),
    import("@smithy/node-http-handler"),
  ]);
  const client = new sdk.KinesisClient({
    ...config,
    // An emulator speaks no HTTP/2, the SDK's default here.
    ...(config.endpoint === undefined ? {} : { requestHandler: new NodeHttpHandler() }),
  });
  const what = `use the stream ${streamName}`;
  const check = "its name, --region, AWS_ENDPOINT_URL";
  return withAwsClient(client, StreamRefusedError, { what, check }, work);
}
