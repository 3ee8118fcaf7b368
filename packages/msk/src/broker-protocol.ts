// SPDX-License-Identifier: MIT
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** TLS or plain text, as a broker is spoken to. */
export type BrokerProtocol = "tls" | "plain";

/** A broker that speaks TLS where a client speaks plain text, or the reverse. */
export interface ProtocolMismatch {
  readonly broker: string;
  readonly speaks: BrokerProtocol;
}

/** Who speaks the other protocol answers at once. */
const ANSWER_TIMEOUT_MS = 3_000;
const CORRELATION_ID = 0x6c6c;

/**
 * Finds out, after a connection failed, whether one of the brokers answers in the other protocol.
 *
 * @param brokers - `host:port` each
 * @param spoken - what the client speaks
 */
export async function findProtocolMismatch(
  brokers: readonly string[],
  spoken: BrokerProtocol,
): Promise<ProtocolMismatch | undefined> {
  const speaks = spoken === "tls" ? "plain" : "tls";
  const answers = speaks === "plain" ? answersPlain : answersTls;
  const found = await Promise.all(
    brokers.map(async (broker) => ({ broker, isRight: await answers(broker) })),
  );
  const mismatch = found.find(({ isRight }) => isRight);
  return mismatch && { broker: mismatch.broker, speaks };
}

/** True if the broker answers a request of Kafka's protocol. */
function answersPlain(broker: string): Promise<boolean> {
  const socket = connectPlain(addressOf(broker), () => socket.write(apiVersionsRequest()));
  return settled(socket, (settle) => {
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      // The size of the answer, and the number of the request that it answers.
      if (received.length >= 8) settle(received.readInt32BE(4) === CORRELATION_ID);
    });
    socket.on("error", () => {
      settle(false);
    });
  });
}

/** True if the broker answers a TLS handshake, even if it refuses it: whom it trusts is another question. */
function answersTls(broker: string): Promise<boolean> {
  const { host, port } = addressOf(broker);
  const servername = isIP(host) === 0 ? host : "";
  const socket = connectTls({ host, port, servername, rejectUnauthorized: false });
  return settled(socket, (settle) => {
    socket.on("secureConnect", () => {
      settle(true);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      settle(/alert/i.test(`${error.code ?? ""} ${error.message}`));
    });
  });
}

/** Resolves to what is settled first; no answer in time is `false`. */
function settled(socket: Socket, listen: (settle: (answer: boolean) => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (answer: boolean): void => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      settle(false);
    });
    socket.on("close", () => {
      settle(false);
    });
    listen(settle);
  });
}

function addressOf(broker: string): { readonly host: string; readonly port: number } {
  const at = broker.lastIndexOf(":");
  return { host: broker.slice(0, at), port: Number(broker.slice(at + 1)) };
}

/** ApiVersions, version 2, which brokers of every version answer before anyone has signed on. */
function apiVersionsRequest(): Buffer {
  const request = Buffer.alloc(14);
  request.writeInt32BE(10, 0);
  request.writeInt16BE(18, 4);
  request.writeInt16BE(2, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  // No client id.
  request.writeInt16BE(-1, 12);
  return request;
}
