// SPDX-License-Identifier: MIT

/** Where dead letters are kept. */
export type DeadLetterTarget =
  { readonly kind: "sqs"; readonly queueUrl: string } | { readonly kind: "file"; readonly path: string };

/** Reads where dead letters are kept. */
export function parseDeadLetters(text: string): DeadLetterTarget | undefined {
  const [, kind, target = ""] = /^(sqs|file):(.+)$/.exec(text) ?? [];
  if (kind === "file") return { kind, path: target };
  // A FIFO queue would swallow letters that are parked again.
  const isQueue = kind === "sqs" && parseUrl(target) !== undefined && !target.endsWith(".fifo");
  return isQueue ? { kind, queueUrl: target } : undefined;
}

/** Makes a parser of integers from `min` to `max`. */
export function integer(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

/** Reads an http or https URL. */
export function parseUrl(text: string): string | undefined {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined;
}

/** Reads the ARN of a secret in AWS Secrets Manager. */
export function parseSecretArn(text: string): string | undefined {
  return /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/.test(text) ? text : undefined;
}

/** Reads `table=field` pairs with commas between them. */
export function parseFieldMap(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(",").map((pair) => /^\s*(\*|[A-Za-z_]\w*)=([A-Za-z_]\w*)\s*$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
}
