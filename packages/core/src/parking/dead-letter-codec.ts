// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { AwaitedRevision, DeadLetter } from "./dead-letter";
import type { BesideBody } from "../event/delivery";
import { DeadLetterFormatError } from "../errors";
import { REJECT_REASONS } from "../event/outcome";

/** Marks a dead letter among other JSON; the number is the format's version. */
const FORMAT = "ledger-loader/dead-letter/1";

/** How a body is written down: readable where it is text, so that people can correct it. */
type BodyEncoding = "text" | "utf8" | "base64" | "text-gzip" | "bytes-gzip";

/**
 * A dead letter as one line of JSON.
 *
 * @param bytesMax above this length in UTF-8 body and events are compressed, and then the events left out, which the body
 * stands for; the result may still be longer.
 */
export function encodeDeadLetter(letter: DeadLetter, bytesMax?: number): string {
  const plain = write(letter, ...encodeBody(letter.body), letter.events);
  if (bytesMax === undefined || Buffer.byteLength(plain) <= bytesMax) return plain;
  const compressed = write(
    letter,
    ...compressBody(letter.body),
    letter.events === undefined ? undefined : compress(letter.events),
  );
  return Buffer.byteLength(compressed) <= bytesMax
    ? compressed
    : write(letter, ...compressBody(letter.body), undefined);
}

/**
 * Reads what {@link encodeDeadLetter} wrote.
 *
 * @throws DeadLetterFormatError if it is something else.
 */
export function decodeDeadLetter(text: string): DeadLetter {
  const fields = parseJson(text);
  if (fields["format"] !== FORMAT) throw new DeadLetterFormatError("JSON of another format");
  const reason = textOf(fields, "reason");
  const waitingFor = fields["waitingFor"];
  const sentAtMs = fields["sentAtMs"];
  const body = decodeBody(textOf(fields, "body"), textOf(fields, "bodyEncoding"));
  const events = decodeKept(fields, body);
  return {
    channel: textOf(fields, "channel"),
    origin: textOf(fields, "origin"),
    deliveryId: textOf(fields, "deliveryId"),
    body,
    events,
    beside: isBesideBody(fields["beside"]) ? fields["beside"] : undefined,
    reason: isReason(reason) ? reason : "not-recorded",
    detail: textOf(fields, "detail"),
    retryable: fields["retryable"] === true,
    waitingFor: waitingFor === undefined ? undefined : decodeAwaited(waitingFor),
    sentAtMs: sentAtMs === undefined ? undefined : numberOf(fields, "sentAtMs"),
    parkedAtMs: numberOf(fields, "parkedAtMs"),
  };
}

/** True if a text claims to be a dead letter of any format, so that one of a newer format is not taken for an event. */
export function isDeadLetter(text: string): boolean {
  return text.startsWith(`{"format":"ledger-loader/dead-letter/`);
}

function write(
  { body: original, events: _, ...letter }: DeadLetter,
  body: string,
  bodyEncoding: BodyEncoding,
  events: string | undefined,
): string {
  const kept = events === undefined ? {} : { eventsOf: hashOf(original), events };
  return JSON.stringify({ format: FORMAT, ...letter, bodyEncoding, body, ...kept });
}

/** The events that the letter keeps, unless somebody has corrected the body that they were decoded from. */
function decodeKept(
  fields: Readonly<Record<string, unknown>>,
  body: string | Uint8Array,
): string | undefined {
  const { events, eventsOf, bodyEncoding } = fields;
  if (events === undefined || eventsOf !== hashOf(body)) return undefined;
  const text = textOf(fields, "events");
  return bodyEncoding === "text-gzip" || bodyEncoding === "bytes-gzip"
    ? gunzip(text).toString("utf16le")
    : text;
}

function hashOf(body: string | Uint8Array): string {
  const bytes = typeof body === "string" ? Buffer.from(body, "utf16le") : body;
  return createHash("sha256").update(bytes).digest("base64url");
}

function encodeBody(body: string | Uint8Array): [string, BodyEncoding] {
  if (typeof body === "string") return [body, "text"];
  const text = utf8Of(body);
  return text === undefined ? [Buffer.from(body).toString("base64"), "base64"] : [text, "utf8"];
}

function compressBody(body: string | Uint8Array): [string, BodyEncoding] {
  return typeof body === "string"
    ? [compress(body), "text-gzip"]
    : [gzipSync(body).toString("base64"), "bytes-gzip"];
}

/** A string with half a surrogate pair has no UTF-8; UTF-16 keeps it. */
function compress(text: string): string {
  return gzipSync(Buffer.from(text, "utf16le")).toString("base64");
}

function decodeBody(body: string, encoding: string): string | Uint8Array {
  switch (encoding) {
    case "text":
      return body;
    case "utf8":
      return new Uint8Array(Buffer.from(body, "utf8"));
    case "base64":
      return new Uint8Array(Buffer.from(body, "base64"));
    case "text-gzip":
      return gunzip(body).toString("utf16le");
    case "bytes-gzip":
      return new Uint8Array(gunzip(body));
    default:
      throw new DeadLetterFormatError("a body in an unknown encoding");
  }
}

function gunzip(body: string): Buffer {
  try {
    return gunzipSync(Buffer.from(body, "base64"));
  } catch (error) {
    throw new DeadLetterFormatError("a compressed body that is damaged", error);
  }
}

/** The text whose UTF-8 these bytes are, a byte order mark included; `undefined` where they are none. */
function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not text: the caller writes base64.
    return undefined;
  }
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // What JSON.parse says may repeat what it read.
    throw new DeadLetterFormatError("what is not JSON");
  }
  throw new DeadLetterFormatError("JSON that is no object");
}

function decodeAwaited(value: unknown): AwaitedRevision {
  const fields = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return { table: textOf(fields, "table"), id: textOf(fields, "id"), version: numberOf(fields, "version") };
}

function textOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw new DeadLetterFormatError(`${name} that is ${value === undefined ? "missing" : "no text"}`);
}

function numberOf(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (typeof value === "number") return value;
  throw new DeadLetterFormatError(`${name} that is ${value === undefined ? "missing" : "no number"}`);
}

/** It only informs: what is not of its form is left out, and the letter can be redriven all the same. */
function isBesideBody(value: unknown): value is BesideBody {
  if (typeof value !== "object" || value === null) return false;
  const { key, headers = [] } = value as { readonly key?: unknown; readonly headers?: unknown };
  return (key === undefined || isReadable(key)) && Array.isArray(headers) && headers.every(isReadable);
}

function isReadable(value: unknown): boolean {
  const { utf8, base64 } = Object(value) as { readonly utf8?: unknown; readonly base64?: unknown };
  return typeof utf8 === "string" || typeof base64 === "string";
}

function isReason(reason: string): reason is keyof typeof REJECT_REASONS {
  return Object.hasOwn(REJECT_REASONS, reason);
}
