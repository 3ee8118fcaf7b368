// SPDX-License-Identifier: MIT
import {
  decodeEvents,
  decodeMessage,
  silentLogger,
  type DeadLetter,
  type DeliveryContent,
  type Environment,
} from "@ledger-loader/core";
import { decodeDmsRecords, DMS_SETTINGS, readDmsOptions } from "@ledger-loader/dms";
import {
  decodeDynamoDbKinesisRecord,
  decodeDynamoDbRecord,
  readDynamoDbOptions,
} from "@ledger-loader/dynamodb";
import { decodeEventBridgeLetter } from "@ledger-loader/eventbridge";
import { decodeQldbStreamRecord } from "@ledger-loader/kinesis";
import { decodeSqsMessage } from "@ledger-loader/sqs";
import { decodeUndelivered } from "./undelivered-message";

/** Decodes a letter; `undefined` where nothing says how, so that it stays as it is. */
export type LetterDecoder = (letter: DeadLetter) => DeliveryContent | undefined;

type BodyDecoder = (body: DeadLetter["body"]) => DeliveryContent;

/** How the bytes of channels are decoded whose records need no options. */
const PLAIN: Readonly<Record<string, BodyDecoder>> = {
  // SNS may have wrapped it on its way to the queue, or AWS have put there what it could not hand over.
  sqs: (body) =>
    typeof body === "string" ? (decodeUndelivered(body) ?? decodeSqsMessage(body)) : decodeMessage(body),
  sns: decodeMessage,
  kinesis: decodeMessage,
  "qldb-stream": (body) => decodeQldbStreamRecord(typeof body === "string" ? Buffer.from(body) : body),
  msk: decodeMessage,
  kafka: decodeMessage,
  eventbridge: decodeEventBridgeLetter,
};

type MappedChannel = (environment: Environment) => Promise<BodyDecoder | undefined>;

/** How the bytes of channels are decoded whose records are mapped, with the settings that their functions have. */
const MAPPED: Readonly<Record<string, MappedChannel>> = {
  dms: async (environment) => {
    // Nothing but the source's engine is required, so it says whether there are settings at all.
    if ((environment[DMS_SETTINGS.engine.name] ?? "") === "") return undefined;
    const options = await readDmsOptions(environment, silentLogger);
    return (body) => decodeDmsRecords(body, options);
  },
  dynamodb: (environment) => {
    const options = readDynamoDbOptions(environment, silentLogger);
    return Promise.resolve((body) => decodeDynamoDbRecord(body, options));
  },
  "dynamodb-kinesis": (environment) => {
    const options = readDynamoDbOptions(environment, silentLogger);
    return Promise.resolve((body) => decodeDynamoDbKinesisRecord(body, options));
  },
};

/** Every channel whose letters can be redriven. */
export const LETTER_CHANNELS: readonly string[] = [...Object.keys(PLAIN), ...Object.keys(MAPPED)];

/**
 * Makes the decoder of letters of every channel.
 *
 * Mapped channels: the events that the letter keeps. With `anew`, the bytes, by the settings in the environment, which is
 * for letters that could not be decoded and for a mapping that was corrected.
 *
 * @throws ConfigurationError, MapperNotFoundError, MappingFileError if the settings cannot be used.
 */
export async function createLetterDecoder(environment: Environment, anew: boolean): Promise<LetterDecoder> {
  const mapped = new Map<string, BodyDecoder>();
  for (const [channel, open] of anew ? Object.entries(MAPPED) : []) {
    const decode = await open(environment);
    if (decode !== undefined) mapped.set(channel, decode);
  }
  return ({ channel, body, events }) => {
    const decode = mapped.get(channel) ?? (Object.hasOwn(PLAIN, channel) ? PLAIN[channel] : undefined);
    if (decode !== undefined) return decode(body);
    // A channel of somebody's own may keep events, too.
    const mustDecode = anew && Object.hasOwn(MAPPED, channel);
    return events === undefined || mustDecode ? undefined : decodeEvents(events);
  };
}
