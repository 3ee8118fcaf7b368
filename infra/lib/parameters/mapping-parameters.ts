// SPDX-License-Identifier: MIT
import { boolean, jsonObjects, oneOf, optional, type JsonObject } from "./parameter";

/** The parameters of every event source mapping. */
export const MAPPING_PARAMETERS = {
  enabled: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "Loads events.",
    tradeOff: "False pauses the loader, while waiting events may expire.",
  }),
} as const;

/** The parameter of mappings that can leave events out. */
export const FILTER_PARAMETERS = {
  filters: optional<readonly JsonObject[] | undefined>({
    accepts: "event patterns of Lambda, as objects or JSON",
    parse: jsonObjects,
    defaultValue: undefined,
    meaning: "Loads only events that match a pattern.",
    tradeOff: "Lambda deletes other messages, and skips other records.",
  }),
} as const;

/** The parameters of mappings that read a log. */
export const POSITION_PARAMETERS = {
  startingPosition: optional<"TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP">({
    accepts: "TRIM_HORIZON, LATEST or AT_TIMESTAMP",
    parse: oneOf("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"),
    defaultValue: "TRIM_HORIZON",
    meaning: "Where reading begins: the oldest record, the next one, or startingTimestamp.",
    tradeOff: "A change makes a new mapping, which reads from there.",
  }),
  startingTimestamp: optional<string | undefined>({
    accepts: "a time such as 2026-01-31T12:00:00Z",
    parse: (value) =>
      typeof value === "string" &&
      /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) &&
      !Number.isNaN(Date.parse(value))
        ? value
        : undefined,
    defaultValue: undefined,
    meaning: "The time at which reading begins, with AT_TIMESTAMP.",
    tradeOff: "None.",
  }),
} as const;
