// SPDX-License-Identifier: MIT

/** Something that holds memory until a client goes on, and can do without. */
export interface BudgetHolder {
  /** Called once when others need the room: it lets go of what it holds. */
  giveWay(): void;
}

/** Who holds less than this part of a budget is left alone: it would make no room. */
const SMALL_PART = 1 / 4096;

/**
 * A sum of memory that the clients of one server share, in bytes.
 *
 * When it is used up, those make way who have not gone on for the longest time.
 */
export class SharedBudget {
  readonly bytesMax: number;
  /** The amounts of the holders, the one that has waited longest first. */
  readonly #held = new Map<BudgetHolder, number>();
  readonly #onFull: () => void;
  #bytes = 0;
  #madeWay = 0;

  /** @param onFull - called whenever a holder has to make way */
  constructor(bytesMax: number, onFull: () => void = () => undefined) {
    this.bytesMax = bytesMax;
    this.#onFull = onFull;
  }

  /** How much is held in all. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many holders have made way so far. */
  get madeWay(): number {
    return this.#madeWay;
  }

  /** Says that a holder goes on, and how much it holds from now on; 0 if nothing. */
  hold(holder: BudgetHolder, bytes: number): void {
    this.#forget(holder);
    if (bytes === 0) return;
    this.#held.set(holder, bytes);
    this.#bytes += bytes;
    if (this.#bytes > this.bytesMax) this.#makeRoom();
  }

  #makeRoom(): void {
    for (const [holder, bytes] of this.#held) {
      if (this.#bytes <= this.bytesMax) return;
      if (bytes < this.bytesMax * SMALL_PART) continue;
      this.#forget(holder);
      this.#madeWay += 1;
      this.#onFull();
      holder.giveWay();
    }
  }

  #forget(holder: BudgetHolder): void {
    this.#bytes -= this.#held.get(holder) ?? 0;
    this.#held.delete(holder);
  }
}
