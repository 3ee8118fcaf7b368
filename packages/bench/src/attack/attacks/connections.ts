// SPDX-License-Identifier: MIT
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type Attack, type AttackTarget, scaled } from "../attack";

const CONNECTIONS = 2000;

const HEADERS =
  "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n" +
  "X-Amz-Target: QLDBSession.SendCommand\r\n";

/** Connections that say nothing, or as little as keeps them open. */
export const connectionAttacks: readonly Attack[] = [
  {
    name: "idle-connections",
    what: "2,000 connections that send nothing",
    run: (target) => hold(target, () => ""),
  },
  {
    name: "slow-headers",
    what: "2,000 connections that send one header a second",
    run: (target) => hold(target, (second) => (second === 0 ? HEADERS : `X-Slow-${second}: 1\r\n`)),
  },
  {
    name: "slow-bodies",
    what: "2,000 connections that send one byte of a body a second",
    run: (target) =>
      hold(target, (second) => (second === 0 ? `${HEADERS}Content-Length: 1000000\r\n\r\n{` : " ")),
  },
];

/** Keeps the connections open for the attack's time; every second each sends what `next` gives. */
async function hold(target: AttackTarget, next: (second: number) => string): Promise<void> {
  const { hostname, port } = target.client.endpoint;
  const sockets = Array.from({ length: scaled(CONNECTIONS, target) }, () =>
    connect(Number(port), hostname).on("error", () => undefined),
  );
  for (let second = 0; second * 1000 < target.durationMs; second++) {
    for (const socket of sockets) write(socket, next(second));
    await setTimeout(1000);
  }
  for (const socket of sockets) socket.destroy();
}

function write(socket: Socket, text: string): void {
  if (text !== "" && socket.writable) socket.write(text);
}
