// SPDX-License-Identifier: MIT
import { ledgerArn, streamArn } from "../arn";
import type { LedgerStore } from "../ledger-store";
import type { JournalStreams } from "../streams/journal-streams";
import { unsupportedOperation } from "./aws-error";
import { readBackup } from "./backup";
import { ControlPlane } from "./control-plane";
import { readJournal } from "./journal-download";
import { parseBody, readString } from "./json";
import { JournalStreamsApi } from "./journal-kinesis-streams";
import { getBlock, getDigest, getRevision } from "./proofs";
import type { SessionForwarder } from "./peers/session-forwarder";
import type { Route, RouteRequest } from "./route";
import { SessionApi } from "./session-api";
import type { Sessions } from "./sessions";

/** What the operations work on. */
export interface RouteServices {
  readonly store: LedgerStore;
  readonly sessions: Sessions;
  readonly forwarder: SessionForwarder;
  /** Absent where the ledgers are in a database. */
  readonly streams: JournalStreams | undefined;
}

/**
 * Every operation of the ledger's HTTP API: where it is, and what answers.
 *
 * QLDB's names, paths and members follow the models of `@aws-sdk/client-qldb-session` and `@aws-sdk/client-qldb`. Operations
 * of theirs that are not built are listed too, and say so.
 */
export function createRoutes(services: RouteServices): readonly Route[] {
  return [
    ...sessionRoutes(services),
    ...ledgerRoutes(services),
    ...journalRoutes(services),
    ...streamRoutes(services),
    ...unsupportedRoutes,
  ];
}

function sessionRoutes({ store, sessions, forwarder }: RouteServices): Route[] {
  const api = new SessionApi(store, sessions);
  const answer: Route["answer"] = async ({ headers, body, caller, isWaiting }) => {
    const request = parseBody(body);
    const forwarded = await forwarder.forward(request["SessionToken"], { headers, body });
    return forwarded ?? api.send(request, caller, isWaiting);
  };
  // The ledger follows from the command or from its session: the session API asks for permission.
  const authorize = (): void => undefined;
  return [
    { api: "session", operation: "SendCommand", at: "POST QLDBSession.SendCommand", authorize, answer },
  ];
}

function ledgerRoutes({ store, sessions, streams }: RouteServices): Route[] {
  const api = new ControlPlane(store, sessions, streams);
  return [
    route("CreateLedger", "POST /ledgers", ({ body }) => api.create(parseBody(body)), {
      arn: ({ body }) => ledgerArn(readString(parseBody(body), "Name")),
    }),
    route("ListLedgers", "GET /ledgers", ({ query }) => api.list(query)),
    route("DescribeLedger", "GET /ledgers/{Name}", (request) => api.describe(nameOf(request))),
    route("UpdateLedger", "PATCH /ledgers/{Name}", (request) =>
      api.update(nameOf(request), parseBody(request.body)),
    ),
    route("UpdateLedgerPermissionsMode", "PATCH /ledgers/{Name}/permissions-mode", (request) =>
      api.updatePermissionsMode(nameOf(request), parseBody(request.body)),
    ),
    route("DeleteLedger", "DELETE /ledgers/{Name}", (request) => api.delete(nameOf(request))),
  ];
}

function journalRoutes({ store }: RouteServices): Route[] {
  return [
    route("GetDigest", "POST /ledgers/{Name}/digest", async (request) =>
      getDigest(await store.open(nameOf(request))),
    ),
    route("GetBlock", "POST /ledgers/{Name}/block", async (request) =>
      getBlock(await store.open(nameOf(request)), parseBody(request.body)),
    ),
    route("GetRevision", "POST /ledgers/{Name}/revision", async (request) =>
      getRevision(await store.open(nameOf(request)), parseBody(request.body)),
    ),
    // Additions of our own.
    route(
      "ReadJournal",
      "GET /ledgers/{Name}/journal",
      async (request) => readJournal(await store.open(nameOf(request)), request.query),
      wholeJournal,
    ),
    route(
      "ReadBackup",
      "GET /ledgers/{Name}/backup",
      async (request) => {
        const ledger = await store.open(nameOf(request));
        return readBackup(ledger, store.temporaryFile(ledger.description.name));
      },
      wholeJournal,
    ),
  ];
}

function streamRoutes({ store, streams }: RouteServices): Route[] {
  const list = "/ledgers/{Name}/journal-kinesis-streams";
  const one = `${list}/{StreamId}`;
  if (streams === undefined) {
    return [
      unsupported("StreamJournalToKinesis", `POST ${list}`, noStreams),
      unsupported("ListJournalKinesisStreamsForLedger", `GET ${list}`, noStreams),
      unsupported("DescribeJournalKinesisStream", `GET ${one}`, noStreams),
      unsupported("CancelJournalKinesisStream", `DELETE ${one}`, noStreams),
    ];
  }
  const api = new JournalStreamsApi(store, streams);
  return [
    route(
      "StreamJournalToKinesis",
      `POST ${list}`,
      (request) => api.start(nameOf(request), parseBody(request.body)),
      anyStream,
    ),
    route(
      "ListJournalKinesisStreamsForLedger",
      `GET ${list}`,
      (request) => api.list(nameOf(request), request.query),
      anyStream,
    ),
    route("DescribeJournalKinesisStream", `GET ${one}`, (request) =>
      api.describe(nameOf(request), streamIdOf(request)),
    ),
    route("CancelJournalKinesisStream", `DELETE ${one}`, (request) =>
      api.cancel(nameOf(request), streamIdOf(request)),
    ),
  ];
}

const exportInstead = 'export a journal with "ledger-loader ledger export NAME --output DIR"';
const noStreams = "a server on PostgreSQL has no journal streams, so run one with --data";
const noTags = "ledgers and streams have no tags here";

const unsupportedRoutes: readonly Route[] = [
  unsupported("ExportJournalToS3", "POST /ledgers/{Name}/journal-s3-exports", exportInstead),
  unsupported("ListJournalS3ExportsForLedger", "GET /ledgers/{Name}/journal-s3-exports", exportInstead),
  unsupported("DescribeJournalS3Export", "GET /ledgers/{Name}/journal-s3-exports/{ExportId}", exportInstead),
  unsupported("ListJournalS3Exports", "GET /journal-s3-exports", exportInstead),
  unsupported("TagResource", "POST /tags/{ResourceArn}", noTags),
  unsupported("UntagResource", "DELETE /tags/{ResourceArn}", noTags),
  unsupported("ListTagsForResource", "GET /tags/{ResourceArn}", noTags),
];

/** The permission that an operation needs, where it is not of the operation's name on the ledger or stream in the path. */
interface Permission {
  readonly action?: string;
  readonly arn?: (request: RouteRequest) => string;
}

/** Additions of our own that hand out all documents, as QLDB's export did. */
const wholeJournal: Permission = { action: "ExportJournalToS3" };
const anyStream: Permission = { arn: (request) => streamArn(nameOf(request), "*") };

function route(
  operation: string,
  at: string,
  answer: Route["answer"],
  { action = operation, arn = arnOf }: Permission = {},
): Route {
  return {
    api: "control-plane",
    operation,
    at,
    authorize: (request) => {
      request.caller.requireAction(`qldb:${action}`, [arn(request)]);
    },
    answer,
  };
}

function arnOf(request: RouteRequest): string {
  if (streamIdOf(request) !== "") return streamArn(nameOf(request), streamIdOf(request));
  return nameOf(request) === "" ? "*" : ledgerArn(nameOf(request));
}

function unsupported(operation: string, at: string, instead: string): Route {
  return route(operation, at, () => Promise.reject(unsupportedOperation(operation, instead)));
}

function nameOf({ parameters }: RouteRequest): string {
  return parameters["Name"] ?? "";
}

function streamIdOf({ parameters }: RouteRequest): string {
  return parameters["StreamId"] ?? "";
}
