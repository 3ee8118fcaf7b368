// SPDX-License-Identifier: MIT
import { SETTINGS } from "@ledger-loader/core";
import {
  fromSetting,
  jsonObject,
  list,
  optional,
  text,
  type JsonObject,
  type ParameterValues,
} from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { MAPPING_PARAMETERS } from "./mapping-parameters";

/** The parameters of a rule, whoever creates the bus. */
export const RULE_PARAMETERS = {
  ...MAPPING_PARAMETERS,
  source: optional<string | undefined>({
    accepts: "the source that events are put with",
    parse: text(/^[\w./-]{1,256}$/),
    defaultValue: undefined,
    meaning: "The source that the rule selects. Default: our publisher's.",
    tradeOff: "None: it must be what the publisher says.",
  }),
  detailType: optional<string | undefined>({
    accepts: "the detail type that events are put with",
    parse: text(/^.{1,128}$/),
    defaultValue: undefined,
    meaning:
      "The detail type that the rule selects. Default: our publisher's. The Java loader's: LedgerLoadEvent.",
    tradeOff: "None: it must be what the publisher says.",
  }),
  tables: optional<readonly string[] | undefined>({
    accepts: "names of tables",
    parse: list(/^[A-Za-z_]\w{0,127}$/),
    defaultValue: undefined,
    meaning: "The tables whose events the rule selects.",
    tradeOff: "Default: all. Other events are dropped.",
  }),
  detail: optional<JsonObject | undefined>({
    accepts: "a pattern of EventBridge for the event's detail, as an object or JSON",
    parse: jsonObject,
    defaultValue: undefined,
    meaning: "A further pattern for the event itself.",
    tradeOff: "Other events are dropped.",
  }),
  allowUnordered: fromSetting(SETTINGS.allowUnordered),
} as const;

/** The parameters of an event bus and its rule. */
export const EVENTBRIDGE_PARAMETERS = {
  eventBusName: optional<string | undefined>({
    accepts: "the name of an event bus in the same account and region",
    parse: text(/^[\w./-]{1,256}$/),
    defaultValue: undefined,
    meaning: "An existing bus.",
    tradeOff: "Default: the stack creates one. On a shared bus, other rules see the events too.",
  }),
  ...RULE_PARAMETERS,
} as const;

/** The values of an event bus's loader. */
export type EventBridgeValues = LoaderValues & ParameterValues<typeof EVENTBRIDGE_PARAMETERS>;
