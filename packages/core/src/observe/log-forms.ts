// SPDX-License-Identifier: MIT

/** The levels of log lines, in order. `silent` logs nothing. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The forms of log lines: `text` for people, `json` for machines, `auto` as it fits where they are written. */
export const LOG_FORMATS = ["auto", "text", "json"] as const;

/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];
