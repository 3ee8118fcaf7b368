// SPDX-License-Identifier: MIT
import { Agent } from "node:http";
import {
  BaseRevisionWriter,
  DriverLedger,
  createLoader,
  decodeEvents,
  throwIfFailed,
} from "@ledger-loader/core";
import { QldbDriver } from "amazon-qldb-driver-nodejs";
import { cpuMs } from "../stopwatch";
import { EventByEventWriter } from "./event-by-event-writer";

/** Where to load to. */
export interface Target {
  readonly endpoint: string;
  readonly ledgerName: string;
}

/** One message with one event. */
export interface Message {
  /** Names the record; messages of one record MUST be loaded in order. */
  readonly record: string;
  readonly body: string;
}

/** A way to get messages into a ledger. */
export interface WayOfLoading {
  readonly name: string;
  /** Connects, and returns what loads. */
  open(target: Target): Connection | Promise<Connection>;
}

/** A way of loading, connected. */
export interface Connection {
  load(messages: readonly Message[]): Promise<void>;
  /** The processor time so far of the process that loads, in milliseconds. */
  readCpuMs(): number | Promise<number>;
  close(): Promise<void>;
}

/** Messages that the packed loader is given at once, as a Lambda function gets them from a standard queue or a stream. */
export const BATCH_SIZE = 1000;

const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** One event per transaction, in `sessions` processions that know nothing of each other. */
export function eventByEvent(sessions: number): WayOfLoading {
  return {
    name: `event by event, ${countSessions(sessions)}`,
    open({ endpoint, ledgerName }) {
      const httpAgent = new Agent({ keepAlive: true, maxSockets: sessions });
      const driver = new QldbDriver(
        ledgerName,
        { endpoint, region: REGION, credentials: CREDENTIALS },
        { httpAgent },
        sessions,
      );
      return {
        async load(messages) {
          const lanes = toLanes(messages, sessions);
          await Promise.all(lanes.map((lane) => new EventByEventWriter(driver).load(lane)));
        },
        readCpuMs: cpuMs,
        close() {
          driver.close();
          return Promise.resolve();
        },
      };
    },
  };
}

/**
 * This project's loader, many events per transaction.
 */
export function packed(sessions: number): WayOfLoading {
  return {
    name: `packed, ${countSessions(sessions)}`,
    open({ endpoint, ledgerName }) {
      const ledger = new DriverLedger({
        endpoint,
        ledgerName,
        credentials: CREDENTIALS,
        sessions,
      });
      const loader = createLoader({ ledger, writer: new BaseRevisionWriter(), sessions, createTables: true });
      return {
        async load(messages) {
          for (let at = 0; at < messages.length; at += BATCH_SIZE) {
            const deliveries = messages.slice(at, at + BATCH_SIZE).map(({ body }, i) => ({
              deliveryId: String(i),
              decode: () => decodeEvents(body),
            }));
            throwIfFailed(await loader.load(deliveries, { onFailure: "continue" }));
          }
        },
        readCpuMs: cpuMs,
        close: () => loader.close(),
      };
    },
  };
}

/** Deals messages out so that those of one record stay together, in order. */
export function toLanes(messages: readonly Message[], count: number): readonly (readonly string[])[] {
  const lanes = Array.from({ length: count }, (): string[] => []);
  const laneOf = new Map<string, string[]>();
  for (const { record, body } of messages) {
    const lane = laneOf.get(record) ?? lanes[laneOf.size % count];
    if (lane === undefined) throw new Error("Expected at least one session, found none.");
    laneOf.set(record, lane);
    lane.push(body);
  }
  return lanes;
}

function countSessions(sessions: number): string {
  return sessions === 1 ? "1 session" : `${sessions} sessions`;
}
