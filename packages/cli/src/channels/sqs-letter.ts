// SPDX-License-Identifier: MIT
import { decodeMessage, type DeliveryContent } from "@ledger-loader/core";
import { decodeSqsMessage } from "@ledger-loader/sqs";
import { decodeUndelivered } from "./undelivered-message";

/** Decodes a letter of SQS. SNS may have wrapped it on its way to the queue, or AWS have put there what it could not hand over. */
export function decodeSqsLetter(body: string | Uint8Array): DeliveryContent {
  return typeof body === "string" ? (decodeUndelivered(body) ?? decodeSqsMessage(body)) : decodeMessage(body);
}
