// SPDX-License-Identifier: MIT
import { UsageError } from "../cli-errors";

/** The kinds of channels that `consume` takes events from, and what their names look like. */
const KINDS = {
  sqs: { example: "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo", accepts: isUrl },
  kafka: { example: "kafka:events", accepts: isNamed },
  kinesis: { example: "kinesis:journal", accepts: isNamed },
  dynamodb: {
    example: "dynamodb:arn:aws:dynamodb:eu-west-1:123456789012:table/Vehicle/stream/2026-01-01T00:00:00.000",
    accepts: isStreamArn,
  },
} as const;

/** A kind of channel. */
export type SourceKind = keyof typeof KINDS;

/** Where `consume` takes events from. */
export interface SourceName {
  readonly kind: SourceKind;
  /** The queue's URL, the topic, the stream or its ARN. */
  readonly name: string;
}

/**
 * Parses `KIND:NAME`, such as `kafka:events`.
 *
 * @throws UsageError for other text.
 */
export function parseSourceName(text: string): SourceName {
  const colon = text.indexOf(":");
  const name = text.slice(colon + 1);
  const kind = (Object.keys(KINDS) as SourceKind[]).find(
    (each) => each === text.slice(0, Math.max(0, colon)),
  );
  if (kind !== undefined && KINDS[kind].accepts(name)) return { kind, name };
  const examples = Object.values(KINDS).map(({ example }) => example);
  throw new UsageError(`expected a source such as ${examples.join(" or ")}, found ${JSON.stringify(text)}`);
}

/** The text that {@link parseSourceName} reads. */
export function formatSourceName({ kind, name }: SourceName): string {
  return `${kind}:${name}`;
}

function isUrl(name: string): boolean {
  return URL.canParse(name);
}

function isStreamArn(name: string): boolean {
  return /^arn:[^:]+:dynamodb:[^:]+:\d*:table\/[^/]+\/stream\/.+/.test(name);
}

function isNamed(name: string): boolean {
  return name !== "";
}
