// SPDX-License-Identifier: MIT
import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { afterEach, expect, it } from "@jest/globals";
import { listShards } from "./list-shards";

let server: Http2Server | undefined;
let client: KinesisClient | undefined;
afterEach(() => {
  client?.destroy();
  server?.close();
});

/** A client of a server that gives these answers, one after the other. */
async function clientOf(...answers: readonly object[]): Promise<KinesisClient> {
  const left = [...answers];
  const listening = createServer((request, response) => {
    request.resume();
    response.end(JSON.stringify(left.shift() ?? {}));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  client = new KinesisClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  return client;
}

it.each([{}, { Shards: [] }, { StreamDescription: {} }])(
  "an answer without shards is not taken for a stream that was read to its end: %j",
  async (answer) => {
    await expect(listShards(await clientOf(answer), "journal")).rejects.toMatchObject({
      code: "KINESIS_STREAM_ANSWER",
      message: expect.stringContaining("stream journal, found none. Check the endpoint"),
    });
  },
);

it("a page without shards is passed over where another follows", async () => {
  const kinesis = await clientOf({ Shards: [], NextToken: "next" }, { Shards: [{ ShardId: "shardId-0" }] });
  expect((await listShards(kinesis, "journal")).map(({ ShardId }) => ShardId)).toEqual(["shardId-0"]);
});
