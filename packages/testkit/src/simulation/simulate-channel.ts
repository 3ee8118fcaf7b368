// SPDX-License-Identifier: MIT
import { BOOKKEEPING_NEED, type Ledger, encodeEvent, ensureTables } from "@ledger-loader/core";
import { compareHistories, findViolations } from "../ledger/find-violations";
import { historiesOf, readHistories } from "../ledger/histories";
import { openMemoryLedger } from "../ledger/memory-ledger";
import { seededRandom } from "../ledger/random";
import type { RecordHistory } from "../ledger/random-histories";
import { ChannelRun, differencesOf, type ChannelParts } from "./channel-run";
import { randomChannelSource, SOURCE_TABLE, type ChannelSource, type SourceMessage } from "./channel-source";
import type { SimulationVerdict } from "./describe-simulation";
import type { ParkedLetters } from "./parked-letters";
import type { SimulatedChannel, World } from "./simulated-channel";
import { VirtualTime } from "./virtual-time";

/** A channel under simulation, with the function at its end. */
export interface ChannelUnderTest<Event, Answer> extends ChannelParts<Event, Answer> {
  /** True if a record that was deleted stays deleted. Default: `false`, it may be inserted anew. */
  readonly deletionsAreFinal?: boolean;
}

/** The verdict of a simulated channel. */
export interface ChannelVerdict extends SimulationVerdict {
  readonly invocations: number;
  readonly crashes: number;
  readonly parked: number;
  readonly dropped: number;
}

const REDRIVES_MAX = 40;
const DUPLICATE_RATE = 0.1;

/**
 * Sends a random source through a channel to a function whose instances crash and whose ledger has outages; when all is
 * drained, checks what was parked, redrives it corrected, and compares the ledger with the source.
 */
export async function simulateChannel<Event, Answer>(
  seed: number,
  make: (world: World) => ChannelUnderTest<Event, Answer>,
): Promise<ChannelVerdict> {
  const ledger = await openMemoryLedger({ [SOURCE_TABLE]: ["oldDocumentId"] });
  try {
    return await new ChannelSimulation(seed, make, ledger.connect()).run();
  } finally {
    await ledger.close();
  }
}

class ChannelSimulation<Event, Answer> {
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #source: ChannelSource;
  readonly #run: ChannelRun<Event, Answer>;
  readonly #channel: SimulatedChannel;
  readonly #parked: ParkedLetters;
  readonly #violations: string[] = [];

  constructor(seed: number, make: (world: World) => ChannelUnderTest<Event, Answer>, ledger: Ledger) {
    const random = seededRandom(seed);
    this.#world = { time: new VirtualTime(), random };
    this.#ledger = ledger;
    const subject = make(this.#world);
    this.#source = randomChannelSource(random, { deletionsAreFinal: subject.deletionsAreFinal === true });
    this.#run = new ChannelRun(this.#world, ledger, subject);
    this.#channel = this.#run.channel;
    this.#parked = this.#run.parked;
  }

  async run(): Promise<ChannelVerdict> {
    await ensureTables(this.#ledger, [BOOKKEEPING_NEED]);
    await this.#drain(this.#source.messages, DUPLICATE_RATE);
    const counts = { parked: this.#parked.letters.length, dropped: this.#channel.dropped.length };
    await this.#checkDrained();
    const left = await this.#redrive();
    const poison = this.#source.messages.filter(({ event }) => event === undefined).map(({ body }) => body);
    this.#expectSame("what is left after the redrive", new Set(poison), left);
    this.#violations.push(
      ...(await findViolations(this.#ledger, SOURCE_TABLE, this.#source.histories)),
      ...(this.#channel.violations ?? []),
      ...[...this.#run.pool.surprises].map((error) => `a function ended with ${error}`),
    );
    const { invocations, crashes } = this.#run.pool;
    return { violations: this.#violations, invocations, crashes, ...counts };
  }

  /** Publishes messages, some of them twice, and waits until the channel is empty. */
  async #drain(messages: readonly SourceMessage[], duplicateRate: number): Promise<void> {
    const { time, random } = this.#world;
    await this.#run.drain(async () => {
      for (const message of messages) {
        await time.sleep(random.below(200));
        this.#channel.publish(message);
        if (random.chance(duplicateRate)) this.#channel.publish(message);
      }
    });
  }

  /** Nothing bad was acknowledged, nothing good is missing without a trace, and what is bad has delayed no other record. */
  async #checkDrained(): Promise<void> {
    const { messages, histories } = this.#source;
    const aside = new Set([...this.#parked.bodies, ...this.#channel.dropped]);
    for (const { body, event, isBroken } of messages) {
      const isBad = isBroken || event === undefined;
      if (isBad && !aside.has(body)) this.#violations.push(`acknowledged in silence: ${body}`);
    }
    const isExact = this.#channel.keepsOrder && this.#channel.dropped.length === 0;
    if (isExact) this.#checkLetters();
    const applied = histories.map((history) =>
      this.#appliedBeforeRedrive(history, isExact ? undefined : aside),
    );
    const found = await readHistories(this.#ledger, SOURCE_TABLE);
    const expected = historiesOf(applied.flat());
    // Without order, a record of which something was parked may be anywhere on its way.
    const isKnown = (_: unknown, i: number): boolean =>
      isExact || applied[i]?.length === histories[i]?.length;
    const records = new Set(historiesOf(histories.filter(isKnown).flat()).keys());
    const ofKnown = <T>(all: ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...all].filter(([record]) => records.has(record)));
    for (const violation of compareHistories(ofKnown(expected), ofKnown(found))) {
      this.#violations.push(`before the redrive, ${violation}`);
    }
  }

  /** Where order is kept, parked is exactly what is bad and what waits for it, and that says for what. */
  #checkLetters(): void {
    const { messages, histories } = this.#source;
    const waiting = new Set(
      histories.flatMap((history) => history.slice(this.#appliedBeforeRedrive(history, undefined).length)),
    );
    const isParked = ({ event, isBroken }: SourceMessage): boolean =>
      isBroken || event === undefined || waiting.has(event);
    const expected = new Set(messages.filter(isParked).map(({ body }) => body));
    this.#expectSame("the dead-letter sink", expected, new Set(this.#parked.bodies));
    for (const { letter, body } of this.#parked.letters) {
      const { event, isBroken = false } = messages.find((message) => message.body === body) ?? {};
      if (event?.version === undefined || isBroken || letter.waitingFor?.version === event.version - 1)
        continue;
      this.#violations.push(`parked as ${letter.reason} and not as waiting for its predecessor: ${body}`);
    }
  }

  /** A record's events up to the first that is not applied: the broken one, or without order any that was put aside. */
  #appliedBeforeRedrive(history: RecordHistory, aside: ReadonlySet<string> | undefined): RecordHistory {
    const end = history.findIndex((event) => {
      const message = this.#source.messages.find((each) => each.event === event);
      return message !== undefined && (message.isBroken || aside?.has(message.body) === true);
    });
    return end === -1 ? history : history.slice(0, end);
  }

  /** Corrects what can be corrected and redrives it, until only what cannot is left; returns that. */
  async #redrive(): Promise<ReadonlySet<string>> {
    const isPoison = (body: string): boolean => this.#correct(body) === undefined;
    const poison = new Set<string>();
    for (let round = 0; round < REDRIVES_MAX; round++) {
      const dropped = this.#channel.dropped.splice(0);
      for (const body of dropped.filter(isPoison)) poison.add(body);
      const again = dropped.flatMap((body) => this.#correct(body) ?? []);
      if (again.length === 0 && this.#parked.bodies.every(isPoison)) break;
      await this.#redriveLetters();
      await this.#drain(again, 0);
    }
    return new Set([...poison, ...this.#parked.bodies, ...this.#channel.dropped]);
  }

  /** Corrects the letters of broken events and redrives all, as `ledger-loader redrive` does. */
  async #redriveLetters(): Promise<void> {
    this.#parked.correct((body) => {
      const isBroken = this.#source.messages.some((message) => message.isBroken && message.body === body);
      return isBroken ? this.#correct(body)?.body : undefined;
    });
    await this.#run.redrive();
  }

  /** The message that was meant by a body; none for poison. */
  #correct(body: string): SourceMessage | undefined {
    const meant = this.#source.messages.find((message) => message.body === body);
    const found = meant ?? this.#source.messages.find(({ event }) => event && encodeEvent(event) === body);
    if (found?.event === undefined) return undefined;
    return { ...found, body: encodeEvent(found.event), isBroken: false };
  }

  #expectSame(what: string, expected: ReadonlySet<string>, found: ReadonlySet<string>): void {
    this.#violations.push(...differencesOf(what, expected, found));
  }
}
