// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { matchesEventPattern, type EventPattern } from "../event-source/match-event-pattern";

/** An EventBridge bus for tests, on a free port of the loopback interface. */
export interface EventBridgeEmulator {
  /** The configuration of an `EventBridgeClient`. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Adds a rule with a target, which is called with each event that matches. */
  addRule(pattern: EventPattern, target: (event: unknown) => void): void;
  /** The requests so far, each with the details of its entries. */
  readonly requests: readonly (readonly string[])[];
  close(): Promise<void>;
}

/** The fault of a request. */
export interface PutFault {
  /** The error code of an entry; the others are accepted. */
  readonly refuse?: (detail: string) => string | undefined;
  /** Fails the call: before anything was done, or after all of it. */
  readonly fail?: "before" | "after";
}

/** How the bus is started. */
export interface EventBridgeOptions {
  /** Asked once per call, from 0. */
  readonly faultOf?: (call: number) => PutFault | undefined;
  /** Bytes per request. @defaultValue `1_048_576` */
  readonly requestBytesMax?: number;
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
}

interface EntryResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

const ENTRIES_MAX = 10;

/**
 * Starts a simulation of ours of an EventBridge bus: the `PutEvents` call of the AWS SDK, its limits, and rules.
 *
 * All bus names are one bus. Each event that matches a rule goes to its target once; the target decides what repetition,
 * disorder and failure it meets (see `AsyncFunction`).
 */
export async function startEventBridge(options: EventBridgeOptions = {}): Promise<EventBridgeEmulator> {
  const rules: { pattern: EventPattern; target: (event: unknown) => void }[] = [];
  const requests: string[][] = [];
  const server = createServer((request, response) => {
    const fault = options.faultOf?.(requests.length) ?? {};
    void readEntries(request).then((entries) => {
      requests.push(entries.map(({ Detail = "" }) => Detail));
      const problem = problemOf(entries, options.requestBytesMax ?? 1_048_576);
      if (problem !== undefined) {
        answer(response, 400, { __type: "ValidationException", message: problem });
        return;
      }
      const results = fault.fail === "before" ? [] : entries.map((entry) => put(entry, fault, rules));
      if (fault.fail !== undefined)
        answer(response, 500, { __type: "InternalException", message: "try again" });
      else answer(response, 200, toAnswer(results));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    clientConfig: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "emulator", secretAccessKey: "emulator" },
    },
    requests,
    addRule: (pattern, target) => {
      rules.push({ pattern, target });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readEntries(request: IncomingMessage): Promise<readonly Entry[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { Entries = [] } = JSON.parse(Buffer.concat(chunks).toString()) as {
    readonly Entries?: readonly Entry[];
  };
  return Entries;
}

function problemOf(entries: readonly Entry[], bytesMax: number): string | undefined {
  if (entries.length === 0 || entries.length > ENTRIES_MAX) return `1 to ${ENTRIES_MAX} entries`;
  const texts = entries.flatMap(({ Source, DetailType, Detail }) => [Source, DetailType, Detail]);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), 0);
  return bytes >= bytesMax
    ? `Total size of the entries in the request is over the limit: ${bytes}`
    : undefined;
}

function put(
  entry: Entry,
  { refuse }: PutFault,
  rules: readonly { readonly pattern: EventPattern; readonly target: (event: unknown) => void }[],
): EntryResult {
  const { Source, DetailType, Detail = "" } = entry;
  const code =
    refuse?.(Detail) ?? (Source === undefined || DetailType === undefined ? "InvalidArgument" : undefined);
  if (code !== undefined) return { ErrorCode: code, ErrorMessage: "refused" };
  const detail = parseObject(Detail);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const id = randomUUID();
  const event = {
    version: "0",
    id,
    "detail-type": DetailType,
    source: Source,
    account: "123456789012",
    // Seconds only, as EventBridge writes them.
    time: new Date().toISOString().replace(/\.\d+/, ""),
    region: "us-east-1",
    resources: [],
    detail,
  };
  for (const { pattern, target } of rules) if (matchesEventPattern(event, pattern)) target(event);
  return { EventId: id };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Not JSON: the entry is refused for it.
    return undefined;
  }
}

function toAnswer(results: readonly EntryResult[]): object {
  return {
    FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
    Entries: results,
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
