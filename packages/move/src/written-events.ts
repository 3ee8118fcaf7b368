// SPDX-License-Identifier: MIT
import {
  type BodyReader,
  type DecodedEvent,
  type EventTransform,
  mapContent,
  type RevisionEvent,
} from "@ledger-loader/core";
import type { BlockRevision } from "./block-revisions";
import { toEvent } from "./export-events";

/** The changes of a replay to revisions before they are written. */
export interface ReplayChanges {
  /** Reads each revision's event, as Ion text: a mapping. Default: a revision is one event. */
  readonly read?: BodyReader | undefined;
  /** Changes events after that: masking. Default: nothing is changed. */
  readonly transform?: EventTransform | undefined;
}

/** True where what is written may differ from the revision. */
export function changesEvents({ read, transform }: ReplayChanges): boolean {
  return read !== undefined || transform !== undefined;
}

/** The events that a revision becomes, after the mapping and before the masking. */
export function mappedEvents(revision: BlockRevision, read: BodyReader | undefined): readonly DecodedEvent[] {
  const event = toEvent(revision);
  return read === undefined ? [event] : mapContent({ events: [event], atomic: false }, read).events;
}

/** The events that are written of a revision; `undefined` in place of each one that is rejected before. */
export function writtenEvents(
  revision: BlockRevision,
  { read, transform }: ReplayChanges,
): readonly (RevisionEvent | undefined)[] {
  return mappedEvents(revision, read).map(({ event }) => event && transformed(event, transform));
}

function transformed(event: RevisionEvent, transform: EventTransform | undefined): RevisionEvent | undefined {
  if (transform === undefined) return event;
  try {
    return transform(event);
  } catch {
    // The replay names the reason.
    return undefined;
  }
}
