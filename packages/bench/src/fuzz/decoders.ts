// SPDX-License-Identifier: MIT
import { eventDecoders } from "./decoders/event-decoders";
import { ionDecoders } from "./decoders/ion-decoders";
import { journalDecoders } from "./decoders/journal-decoders";
import { partiqlDecoder } from "./decoders/partiql-decoder";
import { sourceDecoders } from "./decoders/source-decoders";
import type { FuzzedDecoder } from "./fuzzed-decoder";

/** All decoders, in the order of the table of results. */
export const DECODERS: readonly FuzzedDecoder[] = [
  ...ionDecoders,
  ...eventDecoders,
  ...sourceDecoders,
  partiqlDecoder,
  ...journalDecoders,
];
