// SPDX-License-Identifier: MIT

/** Structured fields of a log line; keys are those of the glossary. Never the content of a document. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where log lines go. Structurally a subset of pino's logger. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** A logger that keeps silent. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
