// SPDX-License-Identifier: MIT
// #region publish
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type PublishReport, type RevisionEvent, decodeEvents } from "@ledger-loader/core";
import { createSqsPublisher } from "@ledger-loader/sqs";

/** Sends the events of a file, one per line, to a queue. */
export function publishFile(file: string, queueUrl: string, runId: string): Promise<PublishReport> {
  const publisher = createSqsPublisher({ client: new SQSClient(), queueUrl, runId });
  return publisher.publish(readEvents(file), (published) => {
    console.log(`${published} events sent`);
  });
}

async function* readEvents(file: string): AsyncGenerator<RevisionEvent> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    for (const { event, rejected } of decodeEvents(line).events) {
      if (event === undefined) throw new Error(rejected.detail);
      yield event;
    }
  }
}
// #endregion
