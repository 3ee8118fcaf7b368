// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { lintTemplate, parseTemplate } from "@ledger-loader/lint";

const folder = join(__dirname, "..", "test", "java-loader");

const WATCHED = ["Source lag-unwatched"];
const LETTERS = ["Failed dead-letters-expire", "Failed failures-unwatched"];
const QUEUES = [
  "OrderedQueue content-deduplication",
  ...["OrderedQueue", "Queue"].flatMap((id) => [
    `${id} dead-letter-queue-missing`,
    `${id} visibility-too-short`,
  ]),
];
const STREAMS = [
  ...LETTERS,
  "Loader parking-missing",
  ...WATCHED,
  "Source metadata-only-destination",
  "Stream retention-too-short",
];

/** The known faults of the templates of AWS's Java loader; decision 0021 tells the consequence. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  sqs: [...QUEUES, ...WATCHED],
  "sns-to-sqs": [
    ...QUEUES,
    ...WATCHED,
    "OrderedTopic content-deduplication",
    "OrderedTopic subscription-without-dead-letter-queue",
    "Topic subscription-without-dead-letter-queue",
  ],
  sns: [...LETTERS, "Loader drops-unwatched", "Subscription subscription-without-dead-letter-queue"],
  eventbridge: [...LETTERS, "Loader drops-unwatched"],
  kinesis: STREAMS,
  dms: [
    ...STREAMS,
    "Target dms-control-details",
    "Target dms-control-details",
    "Target dms-null-and-empty",
    "Target dms-transaction-details",
  ],
  msk: ["Loader parking-missing", ...WATCHED],
};

it.each(Object.entries(EXPECTED))(
  "finds what is wrong with the Java loader's template of %s",
  (channel, expected) => {
    const file = `${channel}.yml`;
    const { findings } = lintTemplate(parseTemplate(readFileSync(join(folder, file), "utf8"), file));
    expect(findings.map(({ resource, rule }) => `${resource} ${rule}`).toSorted()).toEqual(
      expected.toSorted(),
    );
  },
);

it("looks at all of its templates", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yml"));
  expect(files.toSorted()).toEqual(
    Object.keys(EXPECTED)
      .map((channel) => `${channel}.yml`)
      .toSorted(),
  );
});
