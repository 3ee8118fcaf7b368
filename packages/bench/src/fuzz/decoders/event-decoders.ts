// SPDX-License-Identifier: MIT
import {
  decodeDeadLetter,
  decodeEvents,
  decodeMessage,
  encodeDeadLetter,
  encodeEvent,
  type DeliveryContent,
} from "@ledger-loader/core";
import { decodeEventBridgeLetter } from "@ledger-loader/eventbridge";
import { toKafkaDelivery } from "@ledger-loader/msk";
import { vehicle } from "../../vehicle";
import { type FuzzedDecoder, repeated } from "../fuzzed-decoder";

const EVENTS: readonly string[] = [
  JSON.stringify({ op: "INSERT", table: "Vehicle", id: "1N4", version: 0, data: vehicle(7) }),
  `{op:UPDATE,table:"Vehicle",id:{{aGVsbG8=}},position:[1,0,9007199254740993],data:{d:1.50,t:2020-02-29T},unchanged:["*"]}`,
  `[{"op":"DELETE","table":"T","id":1,"version":4},{"op":"ANY","table":"T","id":2,"version":1,"data":null}]`,
  `{"op":"UPDATE","table":"T","id":7,"version":1,"dataHash":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}{"op":"DELETE","table":"T","id":1e2}`,
];

const WORDS = [
  '"op":',
  '"table":',
  '"id":',
  '"version":',
  '"position":[',
  '"data":',
  '"dataHash":',
  '"unchanged":["*"],',
  "null",
  "{{",
  "1e5",
  "\\u0000",
  '"ANY"',
  "\xef\xbb\xbf",
  ",",
];

const BRACKETS = [
  ["[", "]"],
  ['{"a":', "}"],
] as const;

const toBytes = (text: string): Buffer => Buffer.from(text);

/** The data of an event are values of ion-js: a number of two bytes takes 160. */
export const EVENT_GROWTH_MAX = 100;

/** Encodes events as a loader does next: they are written down for a dead letter. */
export function encodeAgain(content: DeliveryContent): DeliveryContent {
  for (const { event } of content.events) if (event !== undefined) encodeEvent(event);
  return content;
}

const large = (bytes: number): readonly Uint8Array[] => EVENTS.map((event) => repeated(bytes, event));

const dense = (bytes: number): readonly Uint8Array[] => [
  repeated(bytes, "0,", `{"op":"INSERT","table":"T","data":{"a":[`, "0]}}"),
  repeated(bytes, `"n":{},`, `{"op":"INSERT","table":"T","data":{`, `"n":1}}`),
  repeated(bytes, `{"op":"DELETE","table":"T","id":1}`),
  repeated(bytes, "x", `{"op":"INSERT","table":"T","data":{"a":"`, `"}}`),
];

const events: FuzzedDecoder = {
  name: "events",
  what: "events of a delivery, in JSON and Ion",
  samples: () => EVENTS.map(toBytes),
  words: WORDS,
  brackets: BRACKETS,
  large,
  dense,
  denseGrowthMax: EVENT_GROWTH_MAX,
  decode: (input) => encodeAgain(decodeEvents(input)),
};

const ENVELOPES: readonly string[] = EVENTS.slice(0, 3).flatMap((event) => [
  JSON.stringify({
    Type: "Notification",
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: "arn:aws:sns:us-east-1:123456789012:events",
    Message: event,
    Timestamp: "2012-05-02T00:54:06.655Z",
    SignatureVersion: "1",
  }),
  JSON.stringify({
    version: "0",
    id: "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "RevisionEvent",
    source: "loader",
    account: "123456789012",
    time: "2021-11-12T00:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: { op: "INSERT", table: "T", event },
  }),
]);

const envelopes: FuzzedDecoder = {
  name: "envelopes",
  what: "bodies of SQS, with envelopes of SNS and EventBridge",
  samples: () => ENVELOPES.map(toBytes),
  words: [
    ...WORDS,
    '"detail":',
    '"detail-type":"',
    '"Message":"',
    '"Type":"SubscriptionConfirmation"',
    '"events":[',
    '\\"',
  ],
  brackets: BRACKETS,
  large: (bytes) => [...ENVELOPES.map((text) => repeated(bytes, text)), ...large(bytes)],
  dense: (bytes) => [
    repeated(bytes, "0,", `{"detail-type":"a","detail":{"events":[`, "0]}}"),
    ...dense(bytes),
  ],
  denseGrowthMax: EVENT_GROWTH_MAX,
  decode(input) {
    const text = Buffer.from(input).toString();
    if (input.length % 3 === 0) return encodeAgain(decodeEventBridgeLetter(text));
    return encodeAgain(decodeMessage(input.length % 3 === 1 ? input : text));
  },
};

function withKeys(value: Uint8Array): Uint8Array {
  return Buffer.concat([toBytes("\u0003\u0002keyab"), value]);
}

/** The first byte says how long the key is, the second how long the header. */
const kafka: FuzzedDecoder = {
  name: "kafka",
  what: "Kafka records, their keys and headers, parked as dead letters",
  samples: () => EVENTS.map((event) => withKeys(toBytes(event))),
  words: WORDS,
  brackets: BRACKETS,
  large: (bytes) => large(bytes).map(withKeys),
  dense: (bytes) => dense(bytes).map(withKeys),
  denseGrowthMax: EVENT_GROWTH_MAX,
  decode(input) {
    const [keyLength = 0, headerLength = 0] = input;
    const [key, header, value] = [
      input.subarray(2, 2 + keyLength),
      input.subarray(2 + keyLength, 2 + keyLength + headerLength),
      input.subarray(2 + keyLength + headerLength),
    ];
    const place = { topic: "events", partition: 0, offset: "7", timestampMs: 0 };
    const headers = [{ name: "h", value: header }];
    const delivery = toKafkaDelivery({ ...place, key, value, headers });
    const { deliveryId, beside } = delivery;
    const why = { reason: "malformed-event", detail: "", retryable: false, parkedAtMs: 0 } as const;
    const letter = { channel: "msk", origin: deliveryId, deliveryId, body: value, beside, ...why };
    decodeDeadLetter(encodeDeadLetter(letter, input.length));
    return encodeAgain(delivery.decode());
  },
};

/** The parts of a letter next to its body. */
const LETTER = {
  channel: "sqs",
  origin: "queue",
  deliveryId: "1",
  beside: { key: { utf8: "k" }, headers: [{ name: "h", base64: "aGk=" }] },
  reason: "version-gap",
  detail: "Expected version 1.",
  retryable: true,
  waitingFor: { table: "T", id: "1", version: 0 },
  sentAtMs: 1,
  parkedAtMs: 2,
} as const;

const BODIES: readonly (string | Uint8Array)[] = [
  EVENTS[0] ?? "",
  toBytes(EVENTS[1] ?? ""),
  Buffer.from([0xe0, 1, 0, 0xea, 0x20]),
];

const LETTERS: readonly string[] = [undefined, 200].flatMap((bytesMax) =>
  BODIES.map((body) => encodeDeadLetter({ ...LETTER, body, events: EVENTS[2] }, bytesMax)),
);

function letterOf(body: Uint8Array): Uint8Array {
  return toBytes(encodeDeadLetter({ ...LETTER, body }));
}

const deadLetters: FuzzedDecoder = {
  name: "dead-letters",
  what: "dead letters, and the deliveries in them",
  samples: () => LETTERS.map(toBytes),
  words: [...WORDS, '"bodyEncoding":"utf8"', '"body":"', '"waitingFor":{', '"beside":{', "H4sIAAAAAAAAA"],
  brackets: BRACKETS,
  large: (bytes) => [letterOf(repeated(bytes, EVENTS[0] ?? ""))],
  dense: (bytes) => dense(bytes).map(letterOf),
  denseGrowthMax: EVENT_GROWTH_MAX,
  decode(input) {
    const letter = decodeDeadLetter(Buffer.from(input).toString());
    encodeDeadLetter(letter, input.length);
    return encodeAgain(decodeEvents(letter.events ?? letter.body));
  },
};

/** The decoders that loaders of every channel use. */
export const eventDecoders: readonly FuzzedDecoder[] = [events, envelopes, kafka, deadLetters];
