// SPDX-License-Identifier: MIT
import { ledgerArn, streamArn } from "../arn";
import type { LedgerStore } from "../ledger-store";
import type { JournalExports } from "../exports/journal-exports";
import type { JournalStreams } from "../streams/journal-streams";
import { readBackup } from "./backup";
import { ControlPlane } from "./control-plane";
import { readJournal } from "./journal-download";
import { requireCommit } from "./explorer/read-only";
import { parseBody, readString } from "./json";
import { JournalStreamsApi } from "./journal-kinesis-streams";
import { JournalExportsApi } from "./journal-s3-exports";
import { getBlock, getDigest, getRevision } from "./proofs";
import type { SessionForwarder } from "./peers/session-forwarder";
import type { Route, RouteRequest } from "./route";
import { commandOf, SessionApi } from "./session-api";
import type { Sessions } from "./sessions";
import { TagsApi } from "./tags";

/** The services that the operations work on. */
export interface RouteServices {
  readonly store: LedgerStore;
  readonly sessions: Sessions;
  readonly forwarder: SessionForwarder;
  readonly streams: JournalStreams;
  readonly exports: JournalExports;
}

/**
 * Every operation of the ledger's HTTP API: where it is, and what answers.
 *
 * QLDB's names, paths and members follow the models of `@aws-sdk/client-qldb-session` and `@aws-sdk/client-qldb`.
 */
export function createRoutes(services: RouteServices): readonly Route[] {
  return [
    ...sessionRoutes(services),
    ...ledgerRoutes(services),
    ...journalRoutes(services),
    ...streamRoutes(services),
    ...tagRoutes(services),
    ...exportRoutes(services),
  ];
}

function sessionRoutes({ store, sessions, forwarder }: RouteServices): Route[] {
  const api = new SessionApi(store, sessions);
  const answer: Route["answer"] = async ({ headers, body, caller, isWaiting, watched }) => {
    const request = parseBody(body);
    const token = request["SessionToken"];
    watched.operation = commandOf(request);
    requireCommit(watched.operation, caller);
    if (!forwarder.isElsewhere(token, { headers, body })) return api.send(request, caller, isWaiting);
    watched.isForwarded = true;
    return forwarder.forward(token, { headers, body });
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

function tagRoutes({ store, streams }: RouteServices): Route[] {
  const api = new TagsApi(store, streams);
  const at = "/tags/{ResourceArn}";
  const arnOf = ({ parameters }: RouteRequest): string => parameters["ResourceArn"] ?? "";
  const itself: Permission = { arn: arnOf };
  return [
    route("TagResource", `POST ${at}`, (request) => api.tag(arnOf(request), parseBody(request.body)), itself),
    route("UntagResource", `DELETE ${at}`, (request) => api.untag(arnOf(request), request.query), itself),
    route("ListTagsForResource", `GET ${at}`, (request) => api.list(arnOf(request)), itself),
  ];
}

function exportRoutes({ store, exports }: RouteServices): Route[] {
  const api = new JournalExportsApi(store, exports);
  const list = "/ledgers/{Name}/journal-s3-exports";
  return [
    route("ExportJournalToS3", `POST ${list}`, (request) =>
      api.start(nameOf(request), parseBody(request.body)),
    ),
    route("ListJournalS3ExportsForLedger", `GET ${list}`, (request) =>
      api.listOf(nameOf(request), request.query),
    ),
    route("DescribeJournalS3Export", `GET ${list}/{ExportId}`, (request) =>
      api.describe(nameOf(request), request.parameters["ExportId"] ?? ""),
    ),
    route("ListJournalS3Exports", "GET /journal-s3-exports", ({ query }) => api.list(query)),
  ];
}

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

function nameOf({ parameters }: RouteRequest): string {
  return parameters["Name"] ?? "";
}

function streamIdOf({ parameters }: RouteRequest): string {
  return parameters["StreamId"] ?? "";
}
