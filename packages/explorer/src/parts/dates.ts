// SPDX-License-Identifier: MIT

/** A time as `2026-01-31 12:00:00Z`. */
export function formatTime(time: Date | undefined): string {
  return time === undefined ? "" : formatIonTime(time.toISOString());
}

/** The text of an Ion timestamp in the same form, with its milliseconds. */
export function formatIonTime(text: string): string {
  return text.replace("T", " ").replace(/\.000Z$/, "Z");
}

/** A whole number with separators: `100,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
