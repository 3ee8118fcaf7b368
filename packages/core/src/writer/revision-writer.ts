// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { RevisionEvent } from "../event/event";
import { freezeIon } from "@ledger-loader/ion";
import type { FieldName, TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import type { CommittedRevision } from "./snapshot";
import { findCurrent } from "./statements";
import { applyChanges, type DocumentChange } from "./document-change";
import { QLDB_LIMITS } from "./transaction-limits";
import type { WriteContext, WriteResult } from "./write-context";
import { writeEvents } from "./write-events";
import type { Refusal, WriterHooks } from "./writer-hooks";

/**
 * Applies events to the ledger: each at most once given an `id`, in order given a `version`.
 *
 * Subclass to change how documents are found or shaped. The guarantee lives in {@link RevisionWriter.write} and
 * `judge`, so neither is a hook. A hook can refuse more than the base class does, never less. The ledger reruns a
 * transaction after an OCC conflict: hooks MAY be called more than once for one event, MUST depend on nothing but
 * their arguments, and cannot change the event, which is frozen.
 */
export abstract class RevisionWriter {
  /**
   * Names the indexed field that holds the event's id, `undefined` where events of the table cannot be written.
   *
   * MUST find what `write` wrote for the same event.
   */
  abstract idField(table: TableName): FieldName | undefined;

  /** Refuses an event before anything is read. */
  protected preValidate(_event: RevisionEvent): Refusal | undefined {
    return undefined;
  }

  /**
   * Finds the current revision of the event's record, by the id field.
   *
   * Overriding it makes the writer work event by event: one event per ledger transaction instead of up to 40.
   */
  protected async readCurrentRevision(
    transaction: Transaction,
    event: RevisionEvent,
  ): Promise<CommittedRevision | undefined> {
    const field = this.idField(event.table);
    if (event.id === undefined || field === undefined) return undefined;
    const [row] = await findCurrent(transaction, event.table, field, [event.id.value], true);
    return row;
  }

  /** Refuses an event that would be applied; `current` is what it would be applied to. */
  protected validate(_event: RevisionEvent, _current: CommittedRevision | undefined): Refusal | undefined {
    return undefined;
  }

  /**
   * Returns the document to store for an event with data; by default that data. The id field is set afterwards.
   *
   * MUST return equal documents for equal arguments: a redelivery is recognized by what this returns for it. It MAY
   * build upon `current`, the revision before the event's.
   */
  protected adjustRevision(
    data: dom.Struct,
    _event: RevisionEvent,
    _current: CommittedRevision | undefined,
  ): dom.Struct {
    return data;
  }

  /**
   * Writes one document. What it wrote MUST be found afterwards by `readCurrentRevision`; that is checked.
   *
   * Overriding it makes the writer work event by event: one event per ledger transaction instead of up to 40.
   */
  protected async writeDocument(transaction: Transaction, change: DocumentChange): Promise<void> {
    await applyChanges(transaction, [change], { parameterBytesMax: QLDB_LIMITS.documentBytesMax });
  }

  /**
   * Judges the events and applies those that are next: the one way into the ledger, and no hook.
   *
   * @returns one result per event, in order. At most one event per record is applied, as QLDB merges what one
   * transaction does to a document into one revision; the others are `deferred`.
   */
  write(
    transaction: Transaction,
    events: readonly RevisionEvent[],
    context: WriteContext,
  ): Promise<readonly WriteResult[]> {
    // Freezing takes as long as half of the decoding, and only hooks could change an event.
    if (this.#hasOwnHooks()) for (const { data } of events) if (data !== undefined) freezeIon(data);
    return writeEvents(transaction, events, context, this.#hooks());
  }

  /** True if the class has hooks that are given events. */
  #hasOwnHooks(): boolean {
    const base = RevisionWriter.prototype;
    return (
      this.preValidate !== base.preValidate ||
      this.readCurrentRevision !== base.readCurrentRevision ||
      this.validate !== base.validate ||
      this.adjustRevision !== base.adjustRevision ||
      this.writeDocument !== base.writeDocument
    );
  }

  #hooks(): WriterHooks {
    const base = RevisionWriter.prototype;
    const adjusts = this.adjustRevision !== base.adjustRevision;
    return {
      idField: (table) => this.idField(table),
      preValidate: (event) => this.preValidate(event),
      validate: (event, current) => this.validate(event, current),
      adjustRevision: (data, event, current) => this.adjustRevision(data, event, current),
      adjusts,
      looksAtCurrent: adjusts || this.validate !== base.validate,
      ...(this.readCurrentRevision === base.readCurrentRevision
        ? {}
        : { readCurrentRevision: (transaction, event) => this.readCurrentRevision(transaction, event) }),
      ...(this.writeDocument === base.writeDocument
        ? {}
        : { writeDocument: (transaction, change) => this.writeDocument(transaction, change) }),
    };
  }
}
