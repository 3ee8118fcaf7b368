// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "../event/event";

/** The loader program's side of a channel: where a replay sends its events. */
export interface Publisher {
  /**
   * Sends all events, in order per group, and returns when the channel has accepted every one.
   *
   * MUST retry what the channel refuses for a while, and MUST throw when an event cannot be sent: a replay that lost
   * an event must not look complete. Of what the channel refuses for good it throws `EventsRefusedError`, after all others
   * were sent.
   *
   * @param onProgress called now and then with the number of events accepted so far.
   */
  publish(
    events: AsyncIterable<RevisionEvent>,
    onProgress?: (published: number) => void,
  ): Promise<PublishReport>;
}

/** The result of a publisher. */
export interface PublishReport {
  /** Events that the channel has accepted. */
  readonly published: number;
  /** Requests that the publisher had to repeat, in whole or in part. */
  readonly retries: number;
}
