// SPDX-License-Identifier: MIT
import { UsageError } from "./cli-errors";

/** Where events go, as `--to` names it. */
export type TargetName =
  | { readonly kind: "ledger"; readonly ledger: string }
  | { readonly kind: "sqs"; readonly queueUrl: string }
  | { readonly kind: "kafka"; readonly topic: string }
  | { readonly kind: "kinesis"; readonly streamName: string };

/** Parses `ledger:NAME`, `sqs:URL`, `kafka:TOPIC` or `kinesis:STREAM`. */
export function parseTargetName(text: string): TargetName {
  const [kind = "", ...rest] = text.split(":");
  const name = rest.join(":");
  if (kind === "ledger" && name !== "") return { kind, ledger: name };
  if (kind === "sqs" && URL.canParse(name)) return { kind, queueUrl: name };
  if (kind === "kafka" && name !== "") return { kind, topic: name };
  if (kind === "kinesis" && name !== "") return { kind, streamName: name };
  throw new UsageError(
    `expected --to to be ledger:NAME, sqs:QUEUE-URL, kafka:TOPIC or kinesis:STREAM, found ${JSON.stringify(text)}, ` +
      `for example --to ledger:vehicles or --to sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo`,
  );
}

/** The text that {@link parseTargetName} reads. */
export function formatTargetName(target: TargetName): string {
  switch (target.kind) {
    case "ledger":
      return `ledger:${target.ledger}`;
    case "sqs":
      return `sqs:${target.queueUrl}`;
    case "kafka":
      return `kafka:${target.topic}`;
    case "kinesis":
      return `kinesis:${target.streamName}`;
  }
}
