// SPDX-License-Identifier: MIT
import { UsageError } from "../cli-errors";

/** The kinds of targets that `--to` names: what stands behind the colon, and what it may be. */
const KINDS = {
  ledger: { form: "NAME", accepts: isNamed },
  sqs: { form: "QUEUE-URL", accepts: isUrl },
  sns: { form: "TOPIC-ARN", accepts: isTopicArn },
  kafka: { form: "TOPIC", accepts: isNamed },
  kinesis: { form: "STREAM", accepts: isNamed },
  eventbridge: { form: "BUS", accepts: isNamed },
} as const;

/** A kind of target. */
export type TargetKind = keyof typeof KINDS;

/** Where events go, as `--to` names it. */
export interface TargetName {
  readonly kind: TargetKind;
  /** The ledger's name, the queue's URL, the topic or its ARN, the stream, or the bus. */
  readonly name: string;
}

/** Parses `KIND:NAME`, such as `ledger:vehicles`. */
export function parseTargetName(text: string): TargetName {
  const [word = "", ...rest] = text.split(":");
  const name = rest.join(":");
  const kind = (Object.keys(KINDS) as TargetKind[]).find((each) => each === word);
  if (kind !== undefined && KINDS[kind].accepts(name)) return { kind, name };
  const forms = Object.entries(KINDS).map(([each, { form }]) => `${each}:${form}`);
  throw new UsageError(
    `expected --to to be ${forms.slice(0, -1).join(", ")} or ${forms.at(-1) ?? ""}, found ${JSON.stringify(text)}, ` +
      `for example --to ledger:vehicles or --to sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo`,
  );
}

/** The text that {@link parseTargetName} reads. */
export function formatTargetName({ kind, name }: TargetName): string {
  return `${kind}:${name}`;
}

function isUrl(name: string): boolean {
  return URL.canParse(name);
}

function isTopicArn(name: string): boolean {
  return /^arn:[^:]+:sns:/.test(name);
}

function isNamed(name: string): boolean {
  return name !== "";
}
