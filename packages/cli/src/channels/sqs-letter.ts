// SPDX-License-Identifier: MIT
import { type BodyReader, decodeMessage, type DeliveryContent } from "@ledger-loader/core";
import { decodeUndelivered } from "./undelivered-message";

/** Decodes a letter of SQS. SNS may have wrapped it on its way to the queue, or AWS have put there what it could not hand over. */
export function decodeSqsLetter(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  if (typeof body !== "string") return decodeMessage(body, read);
  return decodeUndelivered(body, read) ?? decodeMessage(body, read);
}
