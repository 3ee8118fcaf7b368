// SPDX-License-Identifier: MIT
import { decodeMessage } from "@ledger-loader/core";
import { isNamed, type Channel, type SourceAccess, type TargetAccess } from "./channel";

const FORM = { form: "TOPIC", accepts: isNamed };

const target: TargetAccess = {
  ...FORM,
  does: "to a topic of the cluster in KAFKA_BROKERS",
  consumed: "the topic is consumed",
  async withPublisher(topic, { env }, work) {
    const msk = await import("@ledger-loader/msk");
    const client = msk.createKafkaClient(msk.parseKafkaConnection(env));
    const publisher = msk.createKafkaPublisher({ client, topic });
    try {
      return await work(publisher);
    } finally {
      await publisher.close();
    }
  },
};

const source: SourceAccess = {
  ...FORM,
  example: "events",
  options: [],
  channelOf: () => "msk",
  async withConsumer(topic, { env, options: { group: groupId }, loader, logger }, work) {
    const msk = await import("@ledger-loader/msk");
    const client = msk.createKafkaClient({ ...msk.parseKafkaConnection(env), logger });
    const tombstones = msk.parseTombstones(env);
    return work(msk.createKafkaConsumer({ client, topic, groupId, loader, tombstones, logger }));
  },
};

/** Topics of Kafka, MSK's among them: letters name either. */
export const kafka: Channel = {
  target,
  source,
  letters: { msk: { decode: decodeMessage }, kafka: { decode: decodeMessage } },
};
