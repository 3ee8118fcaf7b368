// SPDX-License-Identifier: MIT
import { UsageError } from "../cli-errors";
import { CHANNELS } from ".";
import { isNamed, type TargetAccess } from "./channel";

/** Where events go, as `--to` names it. */
export interface TargetName {
  readonly kind: string;
  /** The ledger's name, the queue's URL, the topic or its ARN, the stream, or the bus. */
  readonly name: string;
  /** How events are sent there; absent: it is a ledger, which they are written to. */
  readonly channel?: TargetAccess;
}

const LEDGER = "ledger";

/** The kinds of channels that events can be sent to. */
const TARGETS = Object.entries(CHANNELS).flatMap(([kind, { target }]) =>
  target === undefined ? [] : [{ kind, target }],
);

/** The text of `--help` about every kind. */
export const TARGET_KINDS = [
  "`ledger:NAME` into a ledger",
  ...TARGETS.map(({ kind, target: { form, does } }) => `\`${kind}:${form}\` ${does}`),
].join(", ");

/**
 * Parses `KIND:NAME`, such as `ledger:vehicles`.
 *
 * @throws UsageError for other text.
 */
export function parseTargetName(text: string): TargetName {
  const [kind = "", ...rest] = text.split(":");
  const name = rest.join(":");
  if (kind === LEDGER && isNamed(name)) return { kind, name };
  const channel = TARGETS.find((each) => each.kind === kind)?.target;
  if (channel?.accepts(name) === true) return { kind, name, channel };
  const forms = TARGETS.map((each) => `${each.kind}:${each.target.form}`);
  throw new UsageError(
    `expected --to to be ${[`${LEDGER}:NAME`, ...forms.slice(0, -1)].join(", ")} or ${forms.at(-1) ?? ""}, found ` +
      `${JSON.stringify(text)}, for example --to ledger:vehicles or --to sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo`,
  );
}

/** The text that {@link parseTargetName} reads. */
export function formatTargetName({ kind, name }: TargetName): string {
  return `${kind}:${name}`;
}
