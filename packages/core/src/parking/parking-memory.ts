// SPDX-License-Identifier: MIT

/** The most that a loader remembers: older entries are forgotten first, which only means waiting again. */
const ENTRIES_MAX = 100_000;

/** The memory of parking between batches; in memory only, as a process that starts again may wait again. */
export class ParkingMemory {
  /** When each delivery failed first. */
  readonly #failedAt = new Map<string, number>();
  /** Records of which an event was parked. */
  readonly #records = new Set<string>();

  /** When the delivery failed first, which is now unless it is known already. */
  failedAt(delivery: string, nowMs: number): number {
    const known = this.#failedAt.get(delivery);
    if (known !== undefined) return known;
    this.#failedAt.set(delivery, nowMs);
    trim(this.#failedAt);
    return nowMs;
  }

  /** The delivery was applied or parked. */
  forget(delivery: string): void {
    this.#failedAt.delete(delivery);
  }

  parkRecord(recordKey: string): void {
    this.#records.add(recordKey);
    trim(this.#records);
  }

  /** An event of the record was written: what was missing is there. */
  freeRecord(recordKey: string): void {
    this.#records.delete(recordKey);
  }

  isParked(recordKey: string): boolean {
    return this.#records.has(recordKey);
  }
}

function trim(entries: Map<string, unknown> | Set<string>): void {
  if (entries.size <= ENTRIES_MAX) return;
  const oldest = entries.keys().next();
  if (oldest.done !== true) entries.delete(oldest.value);
}
