// SPDX-License-Identifier: MIT
import { Problem } from "./problem";
import type { TimestampParts } from "./timestamp-parts";
import { parseTimestampPattern } from "./timestamp-pattern";

/** Writes a time in a format such as `MMMM d, y`. */
export function formatTimestamp(parts: TimestampParts, format: string): string | Problem {
  const pattern = parseTimestampPattern(format);
  if (pattern instanceof Problem) return pattern;
  return pattern.map((item) => (typeof item === "string" ? item : item.write(parts))).join("");
}
