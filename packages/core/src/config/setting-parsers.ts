// SPDX-License-Identifier: MIT

/** Where dead letters are kept. */
export type DeadLetterTarget =
  { readonly kind: "sqs"; readonly queueUrl: string } | { readonly kind: "file"; readonly path: string };

/** `sqs:QUEUE-URL` or `file:PATH`. */
export function parseDeadLetters(text: string): DeadLetterTarget | undefined {
  const [, kind, target = ""] = /^(sqs|file):(.+)$/.exec(text) ?? [];
  if (kind === "file") return { kind, path: target };
  // A FIFO queue would swallow letters that are parked again.
  const isQueue = kind === "sqs" && parseUrl(target) !== undefined && !target.endsWith(".fifo");
  return isQueue ? { kind, queueUrl: target } : undefined;
}

/** The text that {@link parseDeadLetters} reads. */
export function formatDeadLetters(target: DeadLetterTarget | undefined): string {
  if (target === undefined) return "";
  return target.kind === "sqs" ? `sqs:${target.queueUrl}` : `file:${target.path}`;
}

/** Whole numbers from `min` to `max`. */
export function integer(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

/** An http or https URL, as it stands. */
export function parseUrl(text: string): string | undefined {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined;
}

/** The ARN of a secret, as it stands. */
export function parseSecretArn(text: string): string | undefined {
  return /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/.test(text) ? text : undefined;
}

/** `table=field` pairs with commas between. */
export function parseFieldMap(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(",").map((pair) => /^\s*(\*|[A-Za-z_]\w*)=([A-Za-z_]\w*)\s*$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
}
