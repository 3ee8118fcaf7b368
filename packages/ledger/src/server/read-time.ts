// SPDX-License-Identifier: MIT
import { invalidParameter } from "./aws-error";
import type { JsonObject } from "./json";

/** Reads a time, in milliseconds since 1970; the SDK writes seconds, with a fraction. An absent one is `undefined`. */
export function readTime(body: JsonObject, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return Math.round(value * 1000);
  throw invalidParameter(name, "Expected a time in seconds since 1970.");
}
