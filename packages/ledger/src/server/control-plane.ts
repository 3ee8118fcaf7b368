// SPDX-License-Identifier: MIT
import { formatBlockAddress } from "@ledger-loader/journal";
import { formatHash } from "@ledger-loader/ion";
import type { EmbeddedLedger } from "../embedded-ledger";
import { DeletionProtectedError, LedgerExistsError, LedgerNameError, LedgerNotFoundError } from "../errors";
import type { LedgerStore } from "../ledger-store";
import type { JournalStreams } from "../streams/journal-streams";
import { AwsError, invalidParameter, unknownOperation } from "./aws-error";
import { handleStreams } from "./journal-kinesis-streams";
import { type JsonObject, parseBody } from "./json";
import { getBlock, getRevision } from "./proofs";
import type { Sessions } from "./sessions";

/** A request to the control plane. */
export interface ControlRequest {
  readonly method: string;
  /** Decoded path segments. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

type Answer = Record<string, unknown>;

/** QLDB's region and account are part of every ARN; here they are always the same. */
const arnPrefix = "arn:aws:qldb:local:000000000000:ledger/";
/** Page size of ListLedgers where the client asks for none, and its upper bound (AWS SDK model). */
const listedLedgersMax = 100;

/**
 * QLDB's control plane (AWS REST JSON, API version 2019-01-02): ledgers, digests and journal streams.
 *
 * Paths and members follow the model of `@aws-sdk/client-qldb`. A ledger is active as soon as it is there, and gone
 * as soon as it is deleted; the states in between, which clients poll for, take no time here.
 */
export class ControlPlane {
  readonly #store: LedgerStore;
  readonly #sessions: Sessions;
  readonly #streams: JournalStreams;

  constructor(store: LedgerStore, sessions: Sessions, streams: JournalStreams) {
    this.#store = store;
    this.#sessions = sessions;
    this.#streams = streams;
  }

  /** Answers one request; `undefined` stands for an empty body. */
  async handle(request: ControlRequest): Promise<Answer | undefined> {
    const [root, name, action, id, ...rest] = request.path;
    const isOfStreams = action === "journal-kinesis-streams" && name !== undefined;
    if (root !== "ledgers" || rest.length > 0 || (id !== undefined && !isOfStreams)) throw unknownOperation();
    const operation = [request.method, name === undefined ? "" : "NAME", action ?? ""].join(" ").trim();
    try {
      if (isOfStreams) {
        const { method, query, body } = request;
        const streamsRequest = { method, ledgerName: name, streamId: id, query, body };
        return await handleStreams(this.#store, this.#streams, streamsRequest);
      }
      return await this.#run(operation, name ?? "", request);
    } catch (error) {
      throw toControlPlaneError(error);
    }
  }

  async #run(operation: string, name: string, request: ControlRequest): Promise<Answer | undefined> {
    switch (operation) {
      case "POST":
        return this.#create(parseBody(request.body));
      case "GET":
        return this.#list(request.query);
      case "GET NAME":
        return this.#describe(name);
      case "PATCH NAME":
        return this.#update(name, parseBody(request.body));
      case "PATCH NAME permissions-mode":
        return this.#updatePermissionsMode(name, parseBody(request.body));
      case "DELETE NAME":
        return this.#delete(name);
      case "POST NAME digest":
        return this.#digest(name);
      case "POST NAME block":
        return getBlock(await this.#store.open(name), parseBody(request.body));
      case "POST NAME revision":
        return getRevision(await this.#store.open(name), parseBody(request.body));
      default:
        throw unknownOperation();
    }
  }

  async #create(body: JsonObject): Promise<Answer> {
    const name = body["Name"];
    if (typeof name !== "string") throw invalidParameter("Name", "Expected a string, found none.");
    const ledger = await this.#store.createLedger(name, {
      permissionsMode: readPermissionsMode(body),
      deletionProtection: readBoolean(body, "DeletionProtection") ?? true,
    });
    return { ...describe(ledger), State: "CREATING" };
  }

  async #list(query: URLSearchParams): Promise<Answer> {
    const wanted = query.get("max_results");
    const count = wanted === null ? listedLedgersMax : Number(wanted);
    if (!Number.isInteger(count) || count < 1 || count > listedLedgersMax) {
      throw invalidParameter("MaxResults", `Expected a number from 1 to ${listedLedgersMax}.`);
    }
    // The token is the last name of the page before: right also when ledgers come and go between two pages.
    const after = query.get("next_token") ?? "";
    const names = (await this.#store.listLedgers()).filter((name) => name > after);
    const page = names.slice(0, count);
    const Ledgers = [];
    for (const name of page) {
      const { Name, State, CreationDateTime } = describe(await this.#store.open(name));
      Ledgers.push({ Name, State, CreationDateTime });
    }
    return names.length > page.length ? { Ledgers, NextToken: page.at(-1) } : { Ledgers };
  }

  async #describe(name: string): Promise<Answer> {
    return describe(await this.#store.open(name));
  }

  async #update(name: string, body: JsonObject): Promise<Answer> {
    const ledger = await this.#store.open(name);
    const deletionProtection = readBoolean(body, "DeletionProtection");
    if (deletionProtection !== undefined) await ledger.update({ deletionProtection });
    const { PermissionsMode: _omitted, ...answer } = describe(ledger);
    return answer;
  }

  async #updatePermissionsMode(name: string, body: JsonObject): Promise<Answer> {
    const ledger = await this.#store.open(name);
    await ledger.update({ permissionsMode: readPermissionsMode(body) });
    const { Name, Arn, PermissionsMode } = describe(ledger);
    return { Name, Arn, PermissionsMode };
  }

  async #delete(name: string): Promise<undefined> {
    const ledger = await this.#store.open(name);
    if (ledger.description.deletionProtection) throw new DeletionProtectedError(name);
    await this.#streams.removeLedger(name);
    await this.#store.deleteLedger(name);
    this.#sessions.endAll(ledger);
  }

  async #digest(name: string): Promise<Answer> {
    const ledger = await this.#store.open(name);
    const { hash, tipAddress } = await ledger.digest();
    return { Digest: formatHash(hash), DigestTipAddress: { IonText: formatBlockAddress(tipAddress) } };
  }
}

function describe(ledger: EmbeddedLedger): Answer {
  const { name, creationTime, permissionsMode, deletionProtection } = ledger.description;
  return {
    Name: name,
    Arn: arnPrefix + name,
    State: "ACTIVE",
    CreationDateTime: creationTime / 1000,
    PermissionsMode: permissionsMode,
    DeletionProtection: deletionProtection,
  };
}

function readPermissionsMode(body: JsonObject): "ALLOW_ALL" | "STANDARD" {
  const mode = body["PermissionsMode"];
  if (mode === "ALLOW_ALL" || mode === "STANDARD") return mode;
  throw invalidParameter("PermissionsMode", "Expected ALLOW_ALL or STANDARD.");
}

function readBoolean(body: JsonObject, name: string): boolean | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidParameter(name, "Expected true or false.");
}

function toControlPlaneError(error: unknown): unknown {
  if (error instanceof LedgerNameError) return invalidParameter("Name", error.message);
  const resource = (name: string): Record<string, string> => ({ ResourceType: "Ledger", ResourceName: name });
  if (error instanceof LedgerNotFoundError) {
    return new AwsError("ResourceNotFoundException", 404, error.message, resource(error.ledgerName));
  }
  if (error instanceof LedgerExistsError) {
    return new AwsError("ResourceAlreadyExistsException", 409, error.message, resource(error.ledgerName));
  }
  if (error instanceof DeletionProtectedError) {
    const { message, ledgerName } = error;
    return new AwsError("ResourcePreconditionNotMetException", 412, message, resource(ledgerName));
  }
  return error;
}
