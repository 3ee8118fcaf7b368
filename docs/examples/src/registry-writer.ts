// SPDX-License-Identifier: MIT
// #region port
import {
  type CommittedRevision,
  type FieldName,
  type Refusal,
  type RevisionEvent,
  RevisionWriter,
  type TableName,
  dom,
  isDeletion,
  parseIdentifier,
} from "@ledger-loader/core";

const VEHICLE = parseIdentifier("Vehicle");
const VIN = parseIdentifier("VIN");
const OLD_DOCUMENT_ID = parseIdentifier("oldDocumentId");

/** Finds vehicles by their VIN, wants a plate, keeps what is under a legal hold, and drops what a cache left behind. */
export class RegistryWriter extends RevisionWriter {
  override idField(table: TableName): FieldName {
    return table === VEHICLE ? VIN : OLD_DOCUMENT_ID;
  }

  protected override preValidate({ table, data }: RevisionEvent): Refusal | undefined {
    if (table !== VEHICLE || data?.get("plate") !== null) return undefined;
    return { detail: "Expected a vehicle with a plate, found none. Add it at the source." };
  }

  protected override validate(
    event: RevisionEvent,
    current: CommittedRevision | undefined,
  ): Refusal | undefined {
    const isHeld = (current?.data?.get("legalHold") ?? null) !== null;
    if (!isDeletion(event) || !isHeld) return undefined;
    return {
      detail: "Expected nothing to delete what is under a legal hold. Lift the hold first.",
      retryable: true,
    };
  }

  protected override adjustRevision(data: dom.Struct): dom.Struct {
    return new dom.Struct(data.fields().filter(([name]) => name !== "cachedAt"));
  }
}
// #endregion
