// SPDX-License-Identifier: MIT
import { ledgerArn } from "../arn";
import type { EmbeddedLedger } from "../embedded-ledger";
import { DeletionProtectedError, StoreAccessError } from "../errors";
import type { LedgerStore } from "../ledger-store";
import type { JournalStreams } from "../streams/journal-streams";
import { isDamage } from "../storage/store-failure";
import { invalidParameter } from "./aws-error";
import { type JsonObject, readBoolean, readString } from "./json";
import { pageOf } from "./page-list";
import { readTags } from "./tags";
import type { Sessions } from "./sessions";

type Answer = Record<string, unknown>;

/** The KmsKey of a client without its own key; the same as leaving it out. */
const ownedByService = "AWS_OWNED_KMS_KEY";

/**
 * QLDB's control plane (AWS REST JSON, API version 2019-01-02), as far as it is about ledgers.
 *
 * A ledger is active as soon as it is there, and gone
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

  /** `CreateLedger` */
  async create(body: JsonObject): Promise<Answer> {
    refuseKey(body);
    const name = readString(body, "Name");
    const ledger = await this.#store.createLedger(name, {
      permissionsMode: readPermissionsMode(body),
      deletionProtection: readBoolean(body, "DeletionProtection") ?? true,
      tags: readTags(body),
    });
    return { ...describe(ledger), State: "CREATING" };
  }

  /** `ListLedgers` */
  async list(query: URLSearchParams): Promise<Answer> {
    const { items, ...next } = pageOf(
      {
        name: "ledgers",
        items: await this.#store.listLedgers(),
        position: (name) => name,
        isAfter: (position, other) => position > other,
      },
      query,
    );
    const Ledgers: Answer[] = [];
    for (const name of items) Ledgers.push(await this.#summarize(name));
    return { Ledgers, ...next };
  }

  /** One ledger that cannot be read does not keep the others from being listed: its state is `DAMAGED`, unknown to QLDB. */
  async #summarize(name: string): Promise<Answer> {
    try {
      const ledger = await this.#openFresh(name);
      // A ledger that is open may have lost its file since.
      await ledger.readHead();
      const { Name, State, CreationDateTime } = describe(ledger);
      return { Name, State, CreationDateTime };
    } catch (error) {
      if (!isDamage(error) && !(error instanceof StoreAccessError)) throw error;
      return { Name: name, State: "DAMAGED" };
    }
  }

  /** `DescribeLedger` */
  async describe(name: string): Promise<Answer> {
    return describe(await this.#openFresh(name));
  }

  /** `UpdateLedger` */
  async update(name: string, body: JsonObject): Promise<Answer> {
    const ledger = await this.#store.open(name);
    refuseKey(body);
    const deletionProtection = readBoolean(body, "DeletionProtection");
    if (deletionProtection !== undefined) await ledger.update({ deletionProtection });
    const { PermissionsMode: _omitted, ...answer } = describe(ledger);
    return answer;
  }

  /** `UpdateLedgerPermissionsMode` */
  async updatePermissionsMode(name: string, body: JsonObject): Promise<Answer> {
    const ledger = await this.#store.open(name);
    await ledger.update({ permissionsMode: readPermissionsMode(body) });
    const { Name, Arn, PermissionsMode } = describe(ledger);
    return { Name, Arn, PermissionsMode };
  }

  /** `DeleteLedger` */
  async delete(name: string): Promise<undefined> {
    const ledger = await this.#openFresh(name);
    if (ledger.description.deletionProtection) throw new DeletionProtectedError(name);
    await this.#streams.removeLedger(name);
    await this.#store.deleteLedger(name);
    this.#sessions.endAll(ledger);
  }

  /** Another server of the same database may have changed what the control plane changes. */
  async #openFresh(name: string): Promise<EmbeddedLedger> {
    const ledger = await this.#store.open(name);
    await ledger.refresh();
    return ledger;
  }
}

function describe(ledger: EmbeddedLedger): Answer {
  const { name, creationTime, permissionsMode, deletionProtection } = ledger.description;
  return {
    Name: name,
    Arn: ledgerArn(name),
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

/** A key that a client asks for and that would not be used MUST NOT be dropped without a word. */
function refuseKey(body: JsonObject): void {
  const key = body["KmsKey"] ?? ownedByService;
  if (key === ownedByService) return;
  const message =
    "Keys of KMS are not supported here: leave KmsKey out, and encrypt the disk that holds the data folder.";
  throw invalidParameter("KmsKey", message);
}
