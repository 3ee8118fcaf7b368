// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ClientAnswer, CommandSender } from "../attack/session-client";

const HEADER_END = "\r\n\r\n";

interface Waiting {
  readonly resolve: (answer: ClientAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends commands of QLDB's session API over one connection, one after the other, and does no more than HTTP needs: Node.js's own
 * client takes longer than the server.
 */
export class RawSessionClient implements CommandSender {
  readonly #socket: Socket;
  readonly #head: string;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#head = [
      "POST / HTTP/1.1",
      `host: ${host}`,
      "content-type: application/x-amz-json-1.0",
      "x-amz-target: QLDBSession.SendCommand",
      "content-length: ",
    ].join("\r\n");
    socket.on("data", (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#answer();
    });
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () =>
      this.#waiting?.reject(new Error("Expected an answer, found a closed connection.")),
    );
  }

  static async connect(endpoint: string): Promise<RawSessionClient> {
    const { hostname, port, host } = new URL(endpoint);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, "connect");
    return new RawSessionClient(socket, host);
  }

  command(content: unknown): Promise<ClientAnswer> {
    const body = JSON.stringify(content);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`${this.#head}${Buffer.byteLength(body)}${HEADER_END}${body}`);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  /** Answers who waits, once all of the answer is there. */
  #answer(): void {
    const headEnd = this.#received.indexOf(HEADER_END);
    if (headEnd < 0) return;
    const head = this.#received.toString("latin1", 0, headEnd);
    const bodyAt = headEnd + HEADER_END.length;
    const end = bodyAt + Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (this.#received.length < end) return;
    const body = JSON.parse(this.#received.toString("utf8", bodyAt, end)) as ClientAnswer["body"];
    const errorName = /^x-amzn-errortype: (\S+)/im.exec(head)?.[1];
    this.#received = this.#received.subarray(end);
    this.#waiting?.resolve({ status: Number(head.slice(9, 12)), errorName, body });
  }
}
