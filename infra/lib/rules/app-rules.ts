// SPDX-License-Identifier: MIT
import type { ChannelName } from "../parameters/channel-name";

/** A loader among the others of its app. */
export interface NamedSubject {
  /** How the loader is named to its user. */
  readonly name: string;
  readonly channel: ChannelName;
  readonly values: object;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** A value that two loaders of one account and region cannot share. */
export interface SharedRule {
  readonly channels: readonly ChannelName[];
  readonly meaning: string;
  readonly source: string;
  /** The parameter that the second loader must change. */
  readonly parameter: string;
  /** The value that must differ; nothing where this loader shares nothing. */
  readonly key: (values: Readonly<Record<string, unknown>>) => string | undefined;
  /** Why both cannot have it. */
  readonly reason: string;
}

/** The rules between loaders. */
export const SHARED_RULES: readonly SharedRule[] = [
  {
    channels: ["msk"],
    meaning: "Each `msk` loader has its own `consumerGroup`, whatever its cluster.",
    source: "AWS Lambda, “AmazonManagedKafkaEventSourceConfig”",
    parameter: "consumerGroup",
    key: ({ consumerGroup }) => textOf(consumerGroup),
    reason: "as a consumer group belongs to one event source mapping",
  },
  {
    channels: ["sqs"],
    meaning: "Each `sqs` loader has its own queue: a message goes to one reader only.",
    source: "This project",
    parameter: "queueArn",
    key: ({ queueArn }) => textOf(queueArn),
    reason: "as each message of a queue goes to one of its readers only",
  },
];

/** Finds values that the loaders of an app share and must not: each problem names the second loader. */
export function checkShared(subjects: readonly NamedSubject[]): readonly { name: string; problem: string }[] {
  return SHARED_RULES.flatMap((each) =>
    subjects
      .filter(({ channel }) => each.channels.includes(channel))
      .flatMap((subject, index, all) => {
        const key = each.key(subject.values as Readonly<Record<string, unknown>>);
        const first = all
          .slice(0, index)
          .find((other) => isSamePlace(other, subject) && each.key(other.values as never) === key);
        return key === undefined || first === undefined
          ? []
          : [
              {
                name: subject.name,
                problem: `${each.parameter}: expected another than that of ${first.name}, ${each.reason}, found ${key}`,
              },
            ];
      }),
  );
}

/** Places that are not known are the same: one profile deploys both. */
function isSamePlace(one: NamedSubject, other: NamedSubject): boolean {
  return one.account === other.account && one.region === other.region;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
