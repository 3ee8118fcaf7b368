// SPDX-License-Identifier: MIT
/** A header of a record. One name may stand there several times. */
export interface KafkaHeader {
  readonly name: string;
  readonly value: Uint8Array;
}
