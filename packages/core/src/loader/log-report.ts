// SPDX-License-Identifier: MIT
import { recordKey } from "../event/event";
import type { LogFields, Logger } from "../observe/logger";
import type { DeliveryReport, EventReport, LoadReport } from "./report";

/** Logs one line per outcome other than a document written, and one summary. Never content, and ids only as the record's key. */
export function logReport(logger: Logger, report: LoadReport, durationMs: number): void {
  for (const delivery of report.deliveries) {
    for (const event of delivery.events) logOutcome(logger, delivery, event);
  }
  const { written, skipped, rejected, writtenWithoutId } = report.counts;
  logger.info(
    {
      deliveries: report.deliveries.length,
      failed: report.failed.length,
      split: report.deliveries.filter(({ split }) => split).length,
      written,
      writtenWithoutId,
      skipped,
      rejected,
      durationMs: Math.round(durationMs),
    },
    "batch loaded",
  );
}

function logOutcome(logger: Logger, { deliveryId }: DeliveryReport, { event, outcome }: EventReport): void {
  const fields = { deliveryId, ...identityOf(event), ...outcome };
  switch (outcome.status) {
    case "written":
      // Common with sources whose load has just begun; otherwise ids that do not fit look like this.
      if (outcome.tombstone === true) logger.info(fields, "deletion recorded of what is not there");
      return;
    case "skipped":
      logger.info(fields, "event skipped");
      return;
    case "rejected":
      logger.warn(fields, "event rejected");
      return;
  }
}

function identityOf(event: EventReport["event"]): LogFields {
  if (event === undefined) return {};
  const { op, table, version } = event;
  return { op, table, recordKey: recordKey(event), version };
}
