// SPDX-License-Identifier: MIT
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Loader } from "@ledger-loader/core";
import type { SourceMessage } from "./channel-source";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";
import type { SqsQueue } from "./sqs-queue";
import { answerCommand, connectionReset } from "./sqs-queue-client";
import { runWorkers, type WorkerLife } from "./worker-lives";

/** One life of a process that consumes a queue. */
export interface SqsWorkerLife {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Raised when the process is told to stop. */
  readonly signal: AbortSignal;
  /** Makes the death of the loader's process one of its client, too. */
  readonly guard: (loader: Loader) => Loader;
}

const LATENCY_MAX_MS = 40;
const POLL_MS = 200;
/** How often the process dies before it deletes what is in the ledger. */
const DEATH_BEFORE_DELETE_RATE = 0.03;
/** How often a call that prolongs, releases or deletes fails; half of the time its work was done. */
const CALL_FAILURE_RATE = 0.1;

/**
 * Processes that consume a queue by its API, each with a client of its own. They are told to stop now and then, or die
 * anywhere, also between the ledger's commit and the deletion: nobody gets their messages then before the visibility
 * time-out is over. Calls fail, so signs of life get lost.
 */
export class SqsWorkers implements SimulatedChannel {
  readonly keepsOrder: boolean;
  readonly dropped: string[];
  readonly #world: World;
  readonly #queue: SqsQueue;
  readonly #invoke: Invoke<SqsWorkerLife, unknown>;

  constructor(world: World, queue: SqsQueue, invoke: Invoke<SqsWorkerLife, unknown>) {
    this.#world = world;
    this.#queue = queue;
    this.#invoke = invoke;
    this.keepsOrder = queue.keepsOrder;
    this.dropped = queue.dropped;
  }

  publish(message: SourceMessage): void {
    this.#queue.publish(message);
  }

  async run(isPublishing: () => boolean): Promise<void> {
    const isOver = (): boolean => !isPublishing() && this.#queue.isEmpty;
    await runWorkers(this.#world, isOver, (life) =>
      this.#invoke({
        client: this.#client(life),
        queueUrl: this.#queue.url,
        signal: life.signal,
        guard: (loader) => life.guard(loader),
      }),
    );
  }

  #client(life: WorkerLife): SQSClient {
    const send = async (command: unknown): Promise<unknown> => {
      const { time, random } = this.#world;
      life.requireLife();
      await time.sleep(random.below(LATENCY_MAX_MS));
      if (command instanceof DeleteMessageBatchCommand && random.chance(DEATH_BEFORE_DELETE_RATE)) {
        life.die();
      }
      life.requireLife();
      if (command instanceof ReceiveMessageCommand) return this.#receive(command, life);
      const fails = random.chance(CALL_FAILURE_RATE);
      const isDone = !fails || random.chance(0.5);
      const answer = isDone ? answerCommand(this.#queue, command) : undefined;
      if (fails) throw connectionReset();
      return answer;
    };
    return { send } as unknown as SQSClient;
  }

  async #receive({ input }: ReceiveMessageCommand, life: WorkerLife): Promise<unknown> {
    const { time } = this.#world;
    const untilMs = time.nowMs + (input.WaitTimeSeconds ?? 0) * 1_000;
    for (;;) {
      // Who is dead gets nothing more, and hides nothing.
      life.requireLife();
      const records = this.#queue.receive(input.MaxNumberOfMessages ?? 1, input.VisibilityTimeout);
      if (records.length > 0 || time.nowMs >= untilMs) {
        const Messages = records.map(({ messageId, receiptHandle, body, attributes }) => ({
          MessageId: messageId,
          ReceiptHandle: receiptHandle,
          Body: body,
          Attributes: attributes,
        }));
        return { Messages };
      }
      await time.sleep(POLL_MS);
    }
  }
}
