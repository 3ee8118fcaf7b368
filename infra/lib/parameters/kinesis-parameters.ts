// SPDX-License-Identifier: MIT
import { oneOf, optional, type ParameterValues } from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { STREAM_PARAMETERS } from "./stream-parameters";

/** The parameters of a data stream and its event source mapping. */
export const KINESIS_PARAMETERS = {
  ...STREAM_PARAMETERS,
  records: optional<"events" | "qldb-stream">({
    accepts: "events or qldb-stream",
    parse: oneOf("events", "qldb-stream"),
    defaultValue: "events",
    meaning: "The content of the records: events, or a ledger's journal stream.",
    tradeOff: "None: it must be what is in the stream.",
  }),
} as const;

/** The values of a data stream's loader. */
export type KinesisValues = LoaderValues & ParameterValues<typeof KINESIS_PARAMETERS>;
