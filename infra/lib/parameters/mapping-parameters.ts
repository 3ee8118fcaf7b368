// SPDX-License-Identifier: MIT
import { boolean, jsonObjects, oneOf, optional, type JsonObject } from "./parameter";

/** The parameters of every event source mapping. */
export const MAPPING_PARAMETERS = {
  enabled: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "Whether events are loaded; false pauses the loader.",
    tradeOff: "What waits in the source expires when its retention ends.",
  }),
} as const;

/** The parameter of mappings that can leave events out. */
export const FILTER_PARAMETERS = {
  filters: optional<readonly JsonObject[] | undefined>({
    accepts: "event patterns of Lambda, as objects or JSON",
    parse: jsonObjects,
    defaultValue: undefined,
    meaning: "The events that are loaded: those that match one of the patterns; not set, all.",
    tradeOff:
      "No one sees what no pattern selects: Lambda deletes such messages of a queue, and skips such records of a stream.",
  }),
} as const;

/** The parameters of mappings that read a log. */
export const POSITION_PARAMETERS = {
  startingPosition: optional<"TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP">({
    accepts: "TRIM_HORIZON, LATEST or AT_TIMESTAMP",
    parse: oneOf("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"),
    defaultValue: "TRIM_HORIZON",
    meaning: "Where reading begins: with the oldest record, the next one, or at startingTimestamp.",
    tradeOff:
      "With another position than TRIM_HORIZON, earlier records are not loaded. A change makes a new mapping, which reads from there.",
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
    meaning: "The time at which reading begins; with AT_TIMESTAMP.",
    tradeOff: "None.",
  }),
} as const;
