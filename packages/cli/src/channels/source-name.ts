// SPDX-License-Identifier: MIT
import type { LoaderConfig } from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
import { CHANNELS } from ".";
import type { OwnOption, SourceAccess, SourceOptions } from "./channel";

/** Where `consume` takes events from. */
export interface SourceName {
  readonly kind: string;
  /** The queue's URL, the topic, the stream or its ARN. */
  readonly name: string;
  readonly channel: SourceAccess;
}

/** The kinds of channels that can be consumed. */
const SOURCES = Object.entries(CHANNELS).flatMap(([kind, { source }]) =>
  source === undefined ? [] : [{ kind, source }],
);

/** The form of each kind's name, for `--help`. */
export const SOURCE_FORMS = SOURCES.map(({ kind, source }) => `\`${kind}:${source.form}\``);

/**
 * Parses `KIND:NAME`, such as `kafka:events`.
 *
 * @throws UsageError for other text.
 */
export function parseSourceName(text: string): SourceName {
  const [kind = "", ...rest] = text.split(":");
  const name = rest.join(":");
  const channel = SOURCES.find((each) => each.kind === kind)?.source;
  if (channel?.accepts(name) === true) return { kind, name, channel };
  const examples = SOURCES.map((each) => `${each.kind}:${each.source.example}`);
  throw new UsageError(`expected a source such as ${examples.join(" or ")}, found ${JSON.stringify(text)}`);
}

/** @throws UsageError if an option is of another kind of channel: whoever gives it expects something of it. */
export function checkOptions({ kind, channel }: SourceName, options: SourceOptions): void {
  for (const option of new Set(SOURCES.flatMap(({ source }) => source.options))) {
    if (options[option] === undefined || channel.options.includes(option)) continue;
    throw new UsageError(
      `expected ${flagOf(option)} with ${kindsWith(option).join(" or ")} only, found it with ${kind}:`,
    );
  }
}

/** @throws UsageError if there is a mapping for a channel that maps its records by options of its own. */
export function refuseMapping(
  { kind, channel }: SourceName,
  { mapping }: Pick<LoaderConfig, "mapping">,
): void {
  if (mapping === undefined || channel.mapsByItself !== true) return;
  throw new UsageError(
    `expected no --mapping and no MAPPING with ${kind}:, which maps its records by options of its own, found ${JSON.stringify(mapping)}`,
  );
}

function flagOf(option: OwnOption): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function kindsWith(option: OwnOption): string[] {
  return SOURCES.flatMap(({ kind, source }) => (source.options.includes(option) ? [`${kind}:`] : []));
}
