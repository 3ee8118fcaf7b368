// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  type DeadLetter,
  type DeliveryContent,
  type Ledger,
  type Loader,
  createLoader,
  parkFailures,
} from "@ledger-loader/core";
import { redriveLetters } from "@ledger-loader/move";
import { FunctionPool } from "./function-pool";
import { ParkedLetters } from "./parked-letters";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";

/** A channel, the function at its end, and how what it parks is read. */
export interface ChannelParts<Event, Answer> {
  readonly handler: (loader: Loader) => Invoke<Event, Answer>;
  readonly channel: (invoke: Invoke<Event, Answer>) => SimulatedChannel;
  /** How long the function waits before it parks what a retry may help; absent: it parks nothing. */
  readonly parkAfterMs?: number;
  /** The event that a parked delivery holds, as the source sent it. Default: the delivery's bytes are it. */
  readonly bodyOf?: (letter: DeadLetter) => string;
  /** How a redrive decodes a letter that nobody has corrected. Default: that of `redriveLetters`. */
  readonly decodeLetter?: (letter: DeadLetter) => DeliveryContent;
}

/** Longer than anything that ends takes. */
const RUN_MAX_MS = 1_000 * 60 * 60;
const SINK_FAILURE_RATE = 0.05;

/** A channel with functions at its end that die, a ledger that has an outage, a dead-letter sink that fails, and a redrive. */
export class ChannelRun<Event, Answer> {
  readonly channel: SimulatedChannel;
  readonly parked: ParkedLetters;
  readonly pool: FunctionPool<Event, Answer>;
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #parts: ChannelParts<Event, Answer>;

  constructor(world: World, ledger: Ledger, parts: ChannelParts<Event, Answer>) {
    const { time, random } = world;
    this.#world = world;
    this.#ledger = ledger;
    this.#parts = parts;
    this.parked = new ParkedLetters(parts.bodyOf ?? textOf, () => random.chance(SINK_FAILURE_RATE));
    const outage = { fromMs: random.below(6_000), lengthMs: random.below(5_000) };
    this.pool = new FunctionPool(world, {
      ledger,
      makeLoader: (connection) => this.#makeLoader(connection),
      makeHandler: parts.handler,
      isOut: () => {
        const sinceMs = time.elapsedMs - outage.fromMs;
        return sinceMs >= 0 && sinceMs < outage.lengthMs;
      },
    });
    this.channel = parts.channel(this.pool.invoke);
  }

  /** Runs the channel while messages are published, and until it is empty. */
  async drain(publish: () => Promise<void>): Promise<void> {
    let isPublishing = true;
    const published = publish().then(() => {
      isPublishing = false;
    });
    const run = this.channel.run(() => isPublishing);
    await this.#world.time.run(
      Promise.all([published, run]).then(() => undefined),
      RUN_MAX_MS,
    );
  }

  /** Redrives what is parked, as `ledger-loader redrive` does. */
  async redrive(): Promise<void> {
    const loader = createLoader({ ledger: this.#ledger, writer: new BaseRevisionWriter() });
    const { decodeLetter: decode } = this.#parts;
    await redriveLetters({ box: this.parked, loader, dryRun: false, decode });
  }

  #makeLoader(ledger: Ledger): Loader {
    const loader = createLoader({ ledger, writer: new BaseRevisionWriter(), sessions: 2 });
    const { parkAfterMs: waitMs } = this.#parts;
    if (waitMs === undefined) return loader;
    const now = (): number => this.#world.time.nowMs;
    return parkFailures(loader, { channel: "simulated", sink: this.parked, waitMs, now });
  }
}

/** The members that one set lacks or has too much of the other, as sentences. */
export function differencesOf(
  what: string,
  expected: ReadonlySet<string>,
  found: ReadonlySet<string>,
): readonly string[] {
  return [
    ...[...expected].filter((body) => !found.has(body)).map((body) => `${what} lacks ${body}`),
    ...[...found].filter((body) => !expected.has(body)).map((body) => `${what} holds ${body}`),
  ];
}

function textOf({ body }: DeadLetter): string {
  return typeof body === "string" ? body : Buffer.from(body).toString("utf8");
}
