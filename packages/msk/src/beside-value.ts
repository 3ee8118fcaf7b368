// SPDX-License-Identifier: MIT
import type { BesideBody, ReadableBytes } from "@ledger-loader/core";
import type { KafkaHeader } from "./kafka-header";

/** The parts of a record next to its value that a dead letter keeps; `undefined` where there is nothing. */
export function besideValue(
  key: Uint8Array | undefined,
  headers: readonly KafkaHeader[],
): BesideBody | undefined {
  if (key === undefined && headers.length === 0) return undefined;
  return {
    ...(key === undefined ? {} : { key: toReadable(key) }),
    ...(headers.length === 0
      ? {}
      : { headers: headers.map(({ name, value }) => ({ name, ...toReadable(value) })) }),
  };
}

function toReadable(bytes: Uint8Array): ReadableBytes {
  try {
    return { utf8: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    // Not text: base64 loses nothing.
    return { base64: Buffer.from(bytes).toString("base64") };
  }
}
