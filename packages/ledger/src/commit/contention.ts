// SPDX-License-Identifier: MIT
import { type Claim, overlaps } from "./claim";

/** How transactions wait for one another. */
export interface ContentionOptions {
  /**
   * A transaction whose turn it is holds up others at most so long, in milliseconds: its client may be slow, or gone.
   *
   * @defaultValue 1000
   */
  readonly turnMs?: number;
  /**
   * A transaction waits at most so long for its turn, in milliseconds, and then begins without.
   *
   * @defaultValue 5000
   */
  readonly waitMs?: number;
}

const TURN_MS = 1000;
const WAIT_MS = 5000;

/** A place in the line of transactions that want the same. */
export interface Turn {
  /** Lets the next one have its turn; MAY be called again, and before the turn has come. */
  end(): void;
}

/**
 * Lets transactions that have lost a conflict run again one after the other, each without a conflict.
 *
 * Without it, of clients that change one document without a pause the fastest ones win, and a slow one loses as often as its
 * driver tries (a driver of QLDB: five times). A transaction that is run again waits for those before it that want the same. While
 * it has its turn, transactions that never lost commit only what it has not read. Nothing depends on it but who wins: a
 * commit is validated as ever, and each wait ends after a while.
 */
export class Contention {
  readonly #turnMs: number;
  readonly #waitMs: number;
  /** In the order of arrival. */
  readonly #places = new Set<Place>();

  constructor({ turnMs = TURN_MS, waitMs = WAIT_MS }: ContentionOptions = {}) {
    this.#turnMs = turnMs;
    this.#waitMs = waitMs;
  }

  /** How many transactions have their turn, or wait for it. */
  get length(): number {
    return this.#places.size;
  }

  /** Takes a place in line for a transaction that has lost what it claims. */
  enter(claim: Claim): Turn & { readonly hasCome: Promise<void> } {
    const before = [...this.#places].filter((place) => overlaps(place.claim, claim));
    const place = new Place(claim, () => this.#places.delete(place));
    this.#places.add(place);
    const end = (): void => {
      place.end();
    };
    return { end, hasCome: this.#waitFor(before, place) };
  }

  /**
   * Waits until no other transaction has its turn that has read what this one changes.
   *
   * @param readChange - called only where another one has its turn
   */
  async giveWay(readChange: () => Claim): Promise<void> {
    const holding = [...this.#places].filter(({ isHolding }) => isHolding);
    if (holding.length === 0) return;
    const change = readChange();
    const holders = holding.filter(({ claim }) => overlaps(claim, change));
    await Promise.all(holders.map(({ ended }) => ended));
  }

  async #waitFor(before: readonly Place[], place: Place): Promise<void> {
    if (before.length > 0) {
      const ended = Promise.all(before.map((each) => each.ended));
      if (!(await inTime(ended, this.#waitMs))) place.end();
    }
    place.hold(this.#turnMs);
  }
}

class Place {
  readonly claim: Claim;
  readonly ended: Promise<void>;
  readonly #onEnd: () => void;
  #resolve: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #isHolding = false;
  #hasEnded = false;

  constructor(claim: Claim, onEnd: () => void) {
    this.claim = claim;
    this.#onEnd = onEnd;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** True if it has its turn now. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  hold(turnMs: number): void {
    if (this.#hasEnded) return;
    this.#isHolding = true;
    this.#timer = setTimeout(() => {
      this.end();
    }, turnMs).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#isHolding = false;
    this.#hasEnded = true;
    this.#onEnd();
    this.#resolve();
  }
}

async function inTime(wanted: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, ms).unref();
  });
  try {
    return await Promise.race([wanted.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
