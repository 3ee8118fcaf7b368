// SPDX-License-Identifier: MIT
import { BOOKKEEPING_NEED, type Ledger, ensureTables } from "@ledger-loader/core";
import { openMemoryLedger } from "../ledger/memory-ledger";
import { seededRandom } from "../ledger/random";
import { ChannelRun, differencesOf, type ChannelParts } from "./channel-run";
import type { ChannelVerdict } from "./simulate-channel";
import type { World } from "./simulated-channel";
import { readRecords, RowExpectations, type RowMessage } from "./row-source";
import { VirtualTime } from "./virtual-time";

/** A channel whose source tells what its rows became, in the order of its log, with the function at its end. */
export interface RowsUnderTest<Event, Answer> extends ChannelParts<Event, Answer> {
  /** The source's messages, in the order of its log. */
  readonly messages: readonly RowMessage[];
  /** The ledger's tables, of which every one holds its records' ids in `oldDocumentId`. */
  readonly tables: readonly string[];
  /** True if messages come into the channel more than once: one by one, or all since a while ago. */
  readonly repeats: boolean;
}

const REPEAT_RATE = 0.1;
const RESUME_RATE = 0.03;
/** How far back a source goes that resumes from where it last noted its place. */
const RESUME_BACK_MAX = 12;

/**
 * Sends what happened to the rows of a source through a channel to a function whose instances crash and whose ledger has
 * outages; when all is drained, checks what was parked, redrives it corrected, and compares the ledger with the source.
 *
 * Order comes from positions, which have gaps: of a record that was held up, only the last state is promised, and that
 * what it went through is in order and nothing is there twice. Of all others, every state is.
 */
export async function simulateRows<Event, Answer>(
  seed: number,
  make: (world: World) => RowsUnderTest<Event, Answer>,
): Promise<ChannelVerdict> {
  const world = { time: new VirtualTime(), random: seededRandom(seed) };
  const subject = make(world);
  const ledger = await openMemoryLedger(
    Object.fromEntries(subject.tables.map((t) => [t, ["oldDocumentId"]])),
  );
  try {
    return await new RowsSimulation(world, subject, ledger.connect()).run();
  } finally {
    await ledger.close();
  }
}

class RowsSimulation<Event, Answer> {
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #subject: RowsUnderTest<Event, Answer>;
  readonly #run: ChannelRun<Event, Answer>;
  readonly #expected: RowExpectations;
  readonly #violations: string[] = [];

  constructor(world: World, subject: RowsUnderTest<Event, Answer>, ledger: Ledger) {
    this.#world = world;
    this.#ledger = ledger;
    this.#subject = subject;
    this.#run = new ChannelRun(world, ledger, subject);
    this.#expected = new RowExpectations(subject.messages, this.#run.channel.keepsOrder);
  }

  async run(): Promise<ChannelVerdict> {
    const { channel, parked, pool } = this.#run;
    await ensureTables(this.#ledger, [BOOKKEEPING_NEED]);
    await this.#run.drain(() => this.#publish());
    const counts = { parked: parked.letters.length, dropped: channel.dropped.length };
    this.#checkParked();
    await this.#checkRecords("before the redrive, ");
    parked.correct((body) => this.#subject.messages.find((message) => message.body === body)?.corrected);
    await this.#run.redrive();
    const poison = this.#subject.messages.filter(({ isPoison }) => isPoison).map(({ body }) => body);
    this.#violations.push(
      ...differencesOf("what is left after the redrive", new Set(poison), this.#parkedLines),
      ...[...pool.surprises].map((error) => `a function ended with ${error}`),
    );
    await this.#checkRecords("");
    const { invocations, crashes } = pool;
    return { violations: this.#violations, invocations, crashes, ...counts };
  }

  /** The parked messages: a letter of several has one per line. */
  get #parkedLines(): ReadonlySet<string> {
    return new Set(this.#run.parked.bodies.flatMap((body) => body.split("\n").filter((line) => line !== "")));
  }

  async #publish(): Promise<void> {
    const { time, random } = this.#world;
    const { messages, repeats } = this.#subject;
    for (let next = 0, furthest = 0; next < messages.length; next++) {
      await time.sleep(random.below(200));
      const message = messages[next];
      if (message === undefined) return;
      this.#run.channel.publish(message);
      if (repeats && random.chance(REPEAT_RATE)) this.#run.channel.publish(message);
      const isNew = next >= furthest;
      furthest = Math.max(furthest, next + 1);
      if (repeats && isNew && random.chance(RESUME_RATE)) {
        next = Math.max(-1, next - 1 - random.below(RESUME_BACK_MAX));
      }
    }
  }

  /** Nothing bad was acknowledged in silence, and parked is nothing but the bad and what it may have held up. */
  #checkParked(): void {
    const lines = this.#parkedLines;
    for (const message of this.#subject.messages) {
      const { body, isBroken, isPoison } = message;
      const isParked = lines.has(body);
      if ((isBroken || isPoison) && !isParked) this.#violations.push(`acknowledged in silence: ${body}`);
      if (isParked && !this.#expected.mayBeParked(message))
        this.#violations.push(`parked for nothing: ${body}`);
    }
  }

  async #checkRecords(when: string): Promise<void> {
    const found = await readRecords(this.#ledger, this.#subject.tables);
    const violations = this.#expected.compare(found, this.#parkedLines);
    this.#violations.push(...violations.map((violation) => when + violation));
  }
}
