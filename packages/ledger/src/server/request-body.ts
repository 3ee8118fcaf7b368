// SPDX-License-Identifier: MIT
import type { IncomingMessage } from "node:http";
import { nextTurn } from "../turns";
import { type AwsError, badRequest, capacityExceeded } from "./aws-error";
import { JsonShape } from "./json-shape";
import type { BudgetHolder, SharedBudget } from "./shared-budget";

/** The limits of bodies. */
export interface BodyLimits {
  /** Bytes of one body. */
  readonly bodyBytesMax: number;
  /** Shared by all bodies that are being received or wait to be parsed. */
  readonly bodies: SharedBudget;
}

/** A body that is longer waits for its turn before it is parsed. */
const QUICK_BYTES = 64 * 1024;

/**
 * Receives a request's body; when it returns, it is the caller's turn to parse it.
 *
 * @throws AwsError if the body is too long, would take long to parse, or has made way for others
 * @throws ClientGoneError if the client closed its connection before the end
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const body = new IncomingBody(request, limits);
  try {
    return await body.received;
  } finally {
    body.letGo();
  }
}

/** The client has closed its connection, so there is nobody to be told anything. */
export class ClientGoneError extends Error {}

class IncomingBody implements BudgetHolder {
  readonly received: Promise<Buffer>;
  readonly #limits: BodyLimits;
  readonly #shape = new JsonShape();
  #chunks: Buffer[] = [];
  #bytes = 0;
  #refusal: AwsError | undefined;
  #refuse: (error: unknown) => void = () => undefined;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#limits = limits;
    this.received = new Promise((resolve, reject) => {
      this.#refuse = reject;
      request.on("data", (chunk: Buffer) => {
        this.#add(chunk);
      });
      request.on("close", () => {
        if (!request.complete) reject(new ClientGoneError());
      });
      // What went wrong shows in `close`; without a listener it would end the process.
      request.on("error", () => undefined);
      request.on("end", () => {
        this.#end().then(resolve, reject);
      });
    });
  }

  giveWay(): void {
    this.#drop(capacityExceeded("The bodies of unfinished requests take too much memory: try again later."));
    // Its client may send nothing for a long time.
    this.#refuse(this.#refusal);
  }

  letGo(): void {
    this.#chunks = [];
    this.#limits.bodies.hold(this, 0);
  }

  #add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    // The rest is read and dropped: a client that is still sending would not see an answer.
    if (this.#refusal !== undefined) return;
    const { bodyBytesMax, bodies } = this.#limits;
    if (this.#bytes > bodyBytesMax) {
      this.#drop(badRequest(`Expected a request of at most ${bodyBytesMax} bytes, found more.`));
      return;
    }
    try {
      this.#shape.add(chunk);
      this.#chunks.push(chunk);
      bodies.hold(this, this.#bytes);
    } catch (error) {
      this.#drop(error as AwsError);
    }
  }

  #drop(refusal: AwsError): void {
    this.#refusal = refusal;
    this.letGo();
  }

  async #end(): Promise<Buffer> {
    if (this.#bytes > QUICK_BYTES) await nextTurn();
    if (this.#refusal !== undefined) throw this.#refusal;
    return Buffer.concat(this.#chunks);
  }
}
