// SPDX-License-Identifier: MIT

/** The part of a message that the outbox needs. */
export interface OutboxMessage {
  /** Messages of one group leave one after the other. */
  readonly groupId: string;
  readonly bytes: number;
}

/** How much an outbox hands out and keeps. */
export interface OutboxLimits {
  readonly batchSizeMax: number;
  readonly batchBytesMax: number;
  /** Messages queued at most: those that wait, and those handed out and not settled. MUST be at least `batchSizeMax`. */
  readonly queuedMax: number;
  /** Bytes queued at most. One more message is taken in while fewer are queued. */
  readonly queuedBytesMax: number;
}

interface Group<M> {
  readonly waiting: M[];
  isHandedOut: boolean;
}

/**
 * Keeps a publisher's messages until they are acknowledged, and hands out batches in which each group occurs once.
 *
 * A channel may accept one entry of a batch and refuse another, as SQS and Kinesis do. With two messages of one group in a
 * batch, or in two batches at once, the later one could therefore arrive first. So the next message of a group is handed out only after
 * the one before it has been settled; groups go round, so that many groups still fill every batch.
 */
export class Outbox<M extends OutboxMessage> {
  readonly #limits: OutboxLimits;
  readonly #groups = new Map<string, Group<M>>();
  /** Groups that have a message waiting and none handed out, in the order in which they came to be so. */
  readonly #ready = new Set<string>();
  readonly #closed = new Set<string>();
  #queued = 0;
  #queuedBytes = 0;
  #ended = false;
  #failure: { readonly cause: unknown } | undefined;
  #wake: (() => void)[] = [];

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a message in, as soon as there is room, unless its group has been closed by then.
   *
   * @returns whether it was taken in. Throws what the outbox was failed with.
   */
  async put(message: M): Promise<boolean> {
    while (this.#isFull() && this.#failure === undefined) await this.#change();
    this.#throwIfFailed();
    if (this.#closed.has(message.groupId)) return false;
    const group = this.#groups.get(message.groupId) ?? { waiting: [], isHandedOut: false };
    this.#groups.set(message.groupId, group);
    group.waiting.push(message);
    this.#queued += 1;
    this.#queuedBytes += message.bytes;
    if (!group.isHandedOut) this.#ready.add(message.groupId);
    this.#changed();
    return true;
  }

  /** Ends the input: no more messages will be put, and the queued ones leave in batches that need not be full. */
  end(): void {
    this.#ended = true;
    this.#changed();
  }

  /** Gives up: nothing more is handed out, and `put` throws `cause`. */
  fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.#changed();
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** Returns the next batch when one is full or nothing more can join it; `undefined` when all is settled. */
  async take(): Promise<readonly M[] | undefined> {
    for (;;) {
      if (this.#failure !== undefined) return undefined;
      if (
        this.#ready.size > 0 &&
        (this.#ready.size >= this.#limits.batchSizeMax || this.#ended || this.#isFull())
      ) {
        return this.#takeReady();
      }
      if (this.#ended && this.#queued === 0) return undefined;
      await this.#change();
    }
  }

  /** Forgets a message that was handed out, whatever became of it, and lets the next of its group go. */
  settle(message: M): void {
    const group = this.#groups.get(message.groupId);
    if (group === undefined) return;
    group.isHandedOut = false;
    if (group.waiting.length > 0) this.#ready.add(message.groupId);
    else this.#groups.delete(message.groupId);
    this.#release(message);
  }

  /** Takes no more messages of a group. Those queued still leave. */
  closeGroup(groupId: string): void {
    this.#closed.add(groupId);
  }

  /** Forgets a message that was handed out and all that wait behind it, and closes its group; returns the latter. */
  dropGroup(message: M): readonly M[] {
    this.closeGroup(message.groupId);
    const behind = this.#groups.get(message.groupId)?.waiting.splice(0) ?? [];
    for (const waiting of behind) this.#release(waiting);
    this.settle(message);
    return behind;
  }

  #takeReady(): readonly M[] {
    const batch: M[] = [];
    let bytes = 0;
    for (const groupId of this.#ready) {
      const group = this.#groups.get(groupId);
      const next = group?.waiting[0];
      if (group === undefined || next === undefined) continue;
      if (batch.length > 0 && bytes + next.bytes > this.#limits.batchBytesMax) break;
      group.waiting.shift();
      group.isHandedOut = true;
      this.#ready.delete(groupId);
      bytes += next.bytes;
      batch.push(next);
      if (batch.length === this.#limits.batchSizeMax) break;
    }
    return batch;
  }

  #release(message: M): void {
    this.#queued -= 1;
    this.#queuedBytes -= message.bytes;
    this.#changed();
  }

  #isFull(): boolean {
    return this.#queued >= this.#limits.queuedMax || this.#queuedBytes >= this.#limits.queuedBytesMax;
  }

  async #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
