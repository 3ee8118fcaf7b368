// SPDX-License-Identifier: MIT
import { decodeMessage } from "@ledger-loader/core";
import { createPublisherTarget } from "@ledger-loader/move";
import {
  createKafkaClient,
  createKafkaConsumer,
  createKafkaPublisher,
  parseKafkaConnection,
  parseTombstones,
} from "@ledger-loader/msk";
import { isNamed, type Channel, type SourceAccess, type TargetAccess } from "./channel";

const FORM = { form: "TOPIC", accepts: isNamed };

const target: TargetAccess = {
  ...FORM,
  does: "sends them to a topic of the cluster that KAFKA_BROKERS and the other settings of Kafka name",
  consumed: "the topic is consumed",
  async withTarget(topic, { env }, work) {
    const publisher = createKafkaPublisher({ client: createKafkaClient(parseKafkaConnection(env)), topic });
    try {
      return await work(createPublisherTarget(publisher));
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
  withConsumer(topic, { env, options: { group: groupId }, loader, logger }, work) {
    const client = createKafkaClient({ ...parseKafkaConnection(env), logger });
    const tombstones = parseTombstones(env);
    return work(createKafkaConsumer({ client, topic, groupId, loader, tombstones, logger }));
  },
};

/** Topics of Kafka, MSK's among them: letters name either. */
export const kafka: Channel = {
  target,
  source,
  letters: { msk: { decode: decodeMessage }, kafka: { decode: decodeMessage } },
};
