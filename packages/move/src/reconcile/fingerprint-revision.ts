// SPDX-License-Identifier: MIT
import { type FieldName, placeholderHash } from "@ledger-loader/core";
import { hashIonValue } from "@ledger-loader/ion";
import { dom } from "ion-js";
import { idTextOf } from "../id-text";
import {
  dataContent,
  DELETED,
  redactedContent,
  redactedHereContent,
  type LedgerFingerprint,
} from "./compare-record";
import type { LedgerRevision } from "./ledger-history";

/** The export's knowledge of the record that a revision of the ledger belongs to. */
export interface ExpectedRecord {
  readonly idField: FieldName;
  readonly id: string;
  /** True if any of the record's documents in the export has the id field itself. */
  readonly hasIdField: boolean;
}

/** Reduces a revision of the ledger to what comparing needs. */
export function fingerprintRevision(revision: LedgerRevision, expected: ExpectedRecord): LedgerFingerprint {
  const { documentId, version, sequenceNo, data, dataHash } = revision;
  const place = { documentId, version, sequenceNo };
  if (data !== undefined) return { ...place, ...contentOf(data, expected) };
  return { ...place, content: dataHash === undefined ? DELETED : redactedHereContent(dataHash) };
}

/**
 * A document of the export may have the id field itself, with this very id: then it must still have it in the ledger.
 * Where that can be, both readings count, without the field and with it, and the export's content decides.
 */
function contentOf(
  data: dom.Struct,
  { idField, id, hasIdField }: ExpectedRecord,
): Pick<LedgerFingerprint, "content" | "alternative"> {
  const loaded = idTextOf(data.get(idField)) === id ? without(data, idField) : data;
  const content = dataContent(hashIonValue(loaded));
  // A placeholder holds the hash and nothing else: with more, it is not what the loader wrote.
  const redacted = loaded.fields().length === 1 ? placeholderHash(loaded) : undefined;
  if (redacted !== undefined) return { content: redactedContent(redacted), alternative: content };
  if (loaded === data || !hasIdField) return { content };
  return { content, alternative: dataContent(hashIonValue(data)) };
}

function without(document: dom.Struct, field: string): dom.Struct {
  const fields = document.allFields().filter(([name]) => name !== field);
  return new dom.Struct(fields, document.getAnnotations());
}
