// SPDX-License-Identifier: MIT
import { DeliveriesFailedError, type Ledger, LedgerUnavailableError, type Loader } from "@ledger-loader/core";
import { FaultyLedger } from "../ledger/faulty-ledger";
import { SimulatedCrashError } from "../event-source/sqs-faults";
import type { Invoke, World } from "./simulated-channel";

/** How the instances of a function are made, and what befalls them. */
export interface FunctionPoolOptions<Event, Answer> {
  readonly ledger: Ledger;
  /** Makes the loader of one instance. */
  readonly makeLoader: (ledger: Ledger) => Loader;
  readonly makeHandler: (loader: Loader) => Invoke<Event, Answer>;
  /** True if the ledger gives no answer now. */
  readonly isOut: () => boolean;
}

interface Instance<Event, Answer> {
  readonly ledger: FaultyLedger;
  readonly handler: Invoke<Event, Answer>;
}

const FAULTS = { crashRate: 0.02, conflictRate: 0.03 };
/** The answer of a function that did all its work is lost. */
const ANSWER_LOST_RATE = 0.03;
/** How long a transaction may be held up at each of its ends, and an invocation as a whole. */
const PAUSE_MAX_MS = 150;

/** The instances of a function: each with memory and a ledger connection of its own, until it dies. */
export class FunctionPool<Event, Answer> {
  /** Errors that no function should end with, by name. */
  readonly surprises = new Set<string>();
  invocations = 0;
  crashes = 0;
  readonly #world: World;
  readonly #options: FunctionPoolOptions<Event, Answer>;
  readonly #idle: Instance<Event, Answer>[] = [];

  constructor(world: World, options: FunctionPoolOptions<Event, Answer>) {
    this.#world = world;
    this.#options = options;
  }

  readonly invoke: Invoke<Event, Answer> = async (event) => {
    const { time, random } = this.#world;
    const instance = this.#idle.pop() ?? this.#start();
    this.invocations++;
    try {
      await time.sleep(random.below(PAUSE_MAX_MS));
      const answer = await instance.handler(event);
      if (random.chance(ANSWER_LOST_RATE))
        throw new SimulatedCrashError("The answer was lost, as asked for.");
      return answer;
    } catch (error) {
      if (!isExpected(error)) this.surprises.add(error instanceof Error ? (error.stack ?? error.name) : "?");
      throw error;
    } finally {
      if (instance.ledger.isDead) this.crashes++;
      else this.#idle.push(instance);
    }
  };

  #start(): Instance<Event, Answer> {
    const { time, random } = this.#world;
    const { ledger: inner, isOut, makeLoader, makeHandler } = this.#options;
    const pause = (): Promise<void> => time.rest(random.below(PAUSE_MAX_MS));
    const ledger = new FaultyLedger(inner, { random, ...FAULTS, isOut, pause });
    const connection: Ledger = {
      transact: (work) => time.busy(() => ledger.transact(work)),
      close: () => ledger.close(),
    };
    return { ledger, handler: makeHandler(mortal(makeLoader(connection), ledger)) };
  }
}

/** Who is dead does not see that its ledger gives no answer, nor waits for it to be back. */
function mortal(loader: Loader, ledger: FaultyLedger): Loader {
  return {
    load: async (deliveries, options) => {
      try {
        return await loader.load(deliveries, options);
      } catch (error) {
        if (ledger.isDead) throw new SimulatedCrashError("The process died, as asked for.");
        throw error;
      }
    },
    close: () => loader.close(),
  };
}

/** A function fails because the ledger is away, because it died, or because its channel knows no other answer. */
function isExpected(error: unknown): boolean {
  return [LedgerUnavailableError, DeliveriesFailedError, SimulatedCrashError].some(
    (expected) => error instanceof expected,
  );
}
