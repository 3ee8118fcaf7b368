// SPDX-License-Identifier: MIT
import { EventEmitter } from "node:events";
import type { ISocketFactory } from "kafkajs";
import type { KafkaCluster } from "../kafka/kafka-cluster";
import type { World } from "./simulated-channel";

const LATENCY_MAX_MS = 20;
/** How often a connection breaks under a request; half of the time when its work was done. */
const BREAK_RATE = 0.01;

/**
 * All connections of one process with a cluster: requests and answers take their time, connections break.
 *
 * It stands under a KafkaJS client as its socket factory, so everything above is KafkaJS's own: groups, fetching, commits,
 * retries, its errors.
 */
export class KafkaLine {
  /** `silent`: nothing arrives and nobody is told. `closed`: connections are refused. */
  state: "open" | "silent" | "closed" = "open";
  readonly #world: World;
  readonly #cluster: KafkaCluster;
  readonly #onRequest: (apiKey: number) => void;
  readonly #connections = new Set<Connection>();

  /** @param onRequest called before each request is sent. */
  constructor(world: World, cluster: KafkaCluster, onRequest: (apiKey: number) => void) {
    this.#world = world;
    this.#cluster = cluster;
    this.#onRequest = onRequest;
  }

  readonly socketFactory: ISocketFactory = ({ onConnect }) => {
    const connection = new Connection();
    const end = (): boolean => this.#connections.delete(connection);
    connection.end = end;
    connection.write = (frame) => {
      this.#onRequest(frame.readInt16BE(4));
      connection.served = connection.served.then(() => this.#serve(connection, frame.subarray(4)));
    };
    this.#connections.add(connection);
    void this.#connect(connection, onConnect);
    return connection as unknown as ReturnType<ISocketFactory>;
  };

  /** Breaks every connection, and lets none begin. */
  close(): void {
    this.state = "closed";
    this.#break();
  }

  /** Ends a silence: whoever was connected learns that the other side does not know the connection any more. */
  speakAgain(): void {
    if (this.state !== "silent") return;
    this.state = "open";
    this.#break();
  }

  #break(): void {
    for (const connection of this.#connections) this.#fail(connection, "ECONNRESET");
  }

  async #connect(connection: Connection, onConnect: () => void): Promise<void> {
    await this.#travel();
    if (this.state === "closed") this.#fail(connection, "ECONNREFUSED");
    else if (this.#reaches(connection)) onConnect();
  }

  async #serve(connection: Connection, request: Buffer): Promise<void> {
    const { random } = this.#world;
    await this.#travel();
    if (!this.#reaches(connection)) return;
    const breaks = random.chance(BREAK_RATE);
    const isDone = !breaks || random.chance(0.5);
    const answer = isDone ? await this.#cluster.answer(request) : undefined;
    await this.#travel();
    if (!this.#reaches(connection)) return;
    if (breaks) this.#fail(connection, "ECONNRESET");
    else if (answer !== undefined) connection.emit("data", answer);
  }

  #travel(): Promise<void> {
    const { time, random } = this.#world;
    return time.sleep(random.below(LATENCY_MAX_MS));
  }

  #reaches(connection: Connection): boolean {
    return this.state === "open" && this.#connections.has(connection);
  }

  #fail(connection: Connection, code: string): void {
    if (!this.#connections.delete(connection)) return;
    connection.emit("error", Object.assign(new Error(code), { code }));
  }
}

/** As much of a socket as KafkaJS touches. */
class Connection extends EventEmitter {
  write: (frame: Buffer) => void = () => undefined;
  end: () => void = () => undefined;
  /** A broker answers the requests of a connection one after another. */
  served: Promise<void> = Promise.resolve();

  unref(): this {
    return this;
  }
}
