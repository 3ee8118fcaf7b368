// SPDX-License-Identifier: MIT
import { readSingleValue } from "@ledger-loader/ion";
import { type CatalogRevision, LazyValue, type PathKey, type Undecoded } from "@ledger-loader/partiql";
import { dom } from "ion-js";
import { toIonTimestamp } from "../clock";
import type { StoredRevision } from "../storage/storage";
import type { DocumentContent, PendingDocument } from "../storage/pending-document";

/** A committed revision as statements see it; its content is decoded when somebody looks. */
export class CommittedRevision implements CatalogRevision {
  readonly stored: StoredRevision;
  readonly #strandId: string;
  #document: LazyValue | undefined;

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
    return this.#lazy?.value;
  }

  content(): Undecoded | undefined {
    return this.#lazy?.node;
  }

  at(path: readonly PathKey[]): dom.Value | undefined {
    return this.#lazy?.at(path);
  }

  get #lazy(): LazyValue | undefined {
    const { data } = this.stored;
    if (data !== undefined) this.#document ??= new LazyValue(readSingleValue(data));
    return this.#document;
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
  readonly #document: LazyValue;

  constructor({ documentId, base }: PendingDocument, content: DocumentContent) {
    this.documentId = documentId;
    this.version = base === undefined ? 0 : base.version + 1;
    this.#document = new LazyValue(content.node);
  }

  data(): dom.Value {
    return this.#document.value;
  }

  content(): Undecoded {
    return this.#document.node;
  }

  at(path: readonly PathKey[]): dom.Value | undefined {
    return this.#document.at(path);
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
