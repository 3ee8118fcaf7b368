// SPDX-License-Identifier: MIT
import { badRequest, InvalidMemberError } from "./aws-error";

/** A JSON object of unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses a request's body, which MUST be an object; an empty body counts as an empty object. */
export function parseBody(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest("Expected a JSON object as the request's body, found something else.");
}

/** Reads a member that MUST be a string. */
export function readString(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== "string")
    throw new InvalidMemberError(name, `Expected a string in ${name}, found ${describe(value)}.`);
  return value;
}

/** Reads a member that MUST be an object. */
export function readObject(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  if (!isObject(value))
    throw new InvalidMemberError(name, `Expected an object in ${name}, found ${describe(value)}.`);
  return value;
}

/** Reads a member that MUST be an array of objects; absent or null counts as empty. */
export function readArray(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name] ?? [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new InvalidMemberError(name, `Expected an array of objects in ${name}, found ${describe(value)}.`);
}

/** Reads a member that MUST be true or false; absent or null is `undefined`. */
export function readBoolean(object: JsonObject, name: string): boolean | undefined {
  const value = object[name] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw new InvalidMemberError(name, `Expected true or false in ${name}, found ${describe(value)}.`);
}

/** Reads a member that MUST be base64. */
export function readBlob(object: JsonObject, name: string): Buffer {
  const text = readString(object, name);
  const bytes = Buffer.from(text, "base64");
  // Node.js skips what is not base64; a sound text has four characters per three bytes begun.
  if (text.length !== Math.ceil(bytes.length / 3) * 4)
    throw new InvalidMemberError(name, `Expected base64 in ${name}.`);
  return bytes;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  return value === null ? "null" : typeof value;
}
