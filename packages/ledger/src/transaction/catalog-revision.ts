// SPDX-License-Identifier: MIT
import { decodeIon, type IonSlice, readSingleValue } from "@ledger-loader/ion";
import { type CatalogRevision, type PathKey, type Undecoded, valueAt } from "@ledger-loader/partiql";
import { dom } from "ion-js";
import { toIonTimestamp } from "../clock";
import type { StoredRevision } from "../storage/storage";
import type { DocumentContent, PendingDocument } from "../storage/pending-document";

/** To look for a field in the bytes costs as much as the document is long: after so many, decoding all of it costs less. */
const FIELDS_FROM_BYTES = 3;

/** A committed revision as statements see it; its content is decoded when somebody looks. */
export class CommittedRevision implements CatalogRevision {
  readonly stored: StoredRevision;
  readonly #strandId: string;
  #data: dom.Value | undefined;
  #slice: IonSlice | undefined;
  #fieldsFromBytes = 0;

  constructor(stored: StoredRevision, strandId: string) {
    this.stored = stored;
    this.#strandId = strandId;
  }

  get documentId(): string {
    return this.stored.documentId;
  }

  get version(): number {
    return this.stored.version;
  }

  data(): dom.Value | undefined {
    if (this.stored.data === undefined) return undefined;
    this.#data ??= decodeIon(this.stored.data);
    return this.#data;
  }

  content(): Undecoded | undefined {
    const { data } = this.stored;
    return data === undefined ? undefined : (this.#slice ??= readSingleValue(data));
  }

  at(path: readonly PathKey[]): dom.Value | undefined {
    if (this.#data !== undefined || this.#fieldsFromBytes === FIELDS_FROM_BYTES)
      return valueAt(this.data(), path);
    this.#fieldsFromBytes += 1;
    return valueAt(this.content(), path);
  }

  dataHash(): dom.Value | undefined {
    return this.stored.dataHash === undefined ? undefined : toBlob(this.stored.dataHash);
  }

  metadata(): dom.Value {
    const { documentId, version, transactionTime, transactionId } = this.stored;
    return toStruct({
      id: new dom.String(documentId),
      version: new dom.Integer(version),
      txTime: new dom.Timestamp(toIonTimestamp(transactionTime)),
      txId: new dom.String(transactionId),
    });
  }

  blockAddress(): dom.Value {
    return toStruct({
      strandId: new dom.String(this.#strandId),
      sequenceNo: new dom.Integer(this.stored.sequenceNo),
    });
  }

  hash(): dom.Value {
    return toBlob(this.stored.hash);
  }
}

/** A revision that its own transaction sees before it is committed. */
export class PendingRevision implements CatalogRevision {
  readonly documentId: string;
  readonly version: number;
  readonly #content: DocumentContent;

  constructor({ documentId, base }: PendingDocument, content: DocumentContent) {
    this.documentId = documentId;
    this.version = base === undefined ? 0 : base.version + 1;
    this.#content = content;
  }

  data(): dom.Value {
    return this.#content.value;
  }

  content(): Undecoded {
    return this.#content.node;
  }

  at(path: readonly PathKey[]): dom.Value | undefined {
    return this.#content.at(path);
  }

  dataHash(): undefined {
    return undefined;
  }

  metadata(): dom.Value {
    return toStruct({ id: new dom.String(this.documentId), version: new dom.Integer(this.version) });
  }

  blockAddress(): undefined {
    return undefined;
  }

  hash(): undefined {
    return undefined;
  }
}

/** Makes an Ion struct of these fields, in order. */
export function toStruct(fields: Readonly<Record<string, dom.Value>>): dom.Value {
  return new dom.Struct(Object.entries(fields));
}

function toBlob(bytes: Uint8Array): dom.Value {
  return new dom.Blob(bytes);
}
