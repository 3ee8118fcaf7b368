// SPDX-License-Identifier: MIT
import { silentLogger } from "@ledger-loader/core";
import type { Channel, LetterAccess } from "./channel";

const mapped: LetterAccess = {
  async openDecoder(environment) {
    const { decodeDmsRecords, DMS_SETTINGS, readDmsOptions } = await import("@ledger-loader/dms");
    // Nothing but the source's engine is required, so it says whether there are settings at all.
    if ((environment[DMS_SETTINGS.engine.name] ?? "") === "") return undefined;
    const options = await readDmsOptions(environment, silentLogger);
    return (body) => decodeDmsRecords(body, options);
  },
};

/** Database Migration Service, whose records a function takes from Kinesis or Kafka: only its letters are read here. */
export const dms: Channel = { letters: { dms: mapped } };
