// SPDX-License-Identifier: MIT
// #region publish
import type { PublishReport, RevisionEvent } from "@ledger-loader/core";
import { createKafkaClient, createKafkaPublisher, parseKafkaConnection } from "@ledger-loader/msk";

/** Sends events to a topic. */
export async function publishToTopic(
  events: AsyncIterable<RevisionEvent>,
  topic: string,
): Promise<PublishReport> {
  const client = createKafkaClient(parseKafkaConnection(process.env));
  const publisher = createKafkaPublisher({ client, topic });
  try {
    return await publisher.publish(events, (published) => {
      console.log(`${published} events sent`);
    });
  } finally {
    await publisher.close();
  }
}
// #endregion
