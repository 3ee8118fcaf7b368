// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as ledger from "@ledger-loader/ledger";

const cause = new Error("cause");
const MISSING = {
  tip: { sequenceNo: 5, blockHash: new Uint8Array(32), blockTime: 0 },
  journalEnd: 2,
  count: 3,
};

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new ledger.AccessDeniedError(
    "Expected the permission qldb:SendCommand, found none: add it to the key's policy.",
    "qldb:SendCommand",
    "arn:aws:qldb:local:000000000000:ledger/cars",
  ),
  new ledger.BackupExistsError("backups/cars.ledger"),
  new ledger.CatalogError("Table with name: T already exists"),
  new ledger.ClockJumpedError(0, 3_600_000),
  new ledger.CommitDigestError("transaction"),
  new ledger.CommitsMissingError("cars.ledger", MISSING, "cars.ledger-wal.lost-3-5"),
  new ledger.CommitUnknownError("the PostgreSQL database db/ledgers", 5, cause),
  new ledger.DatabaseAccessError(
    "the PostgreSQL database db/ledgers",
    "a wrong password",
    "correct it",
    cause,
  ),
  new ledger.DatabaseEmptyError("the PostgreSQL database db/ledgers"),
  new ledger.DatabaseUnreachableError("the PostgreSQL database db/ledgers", "no connection", cause),
  new ledger.CopyDiffersError("cars", "block 3 is missing"),
  new ledger.CredentialsFileError("keys.json", "Expected JSON, found another text: correct the file", cause),
  new ledger.DataFolderLockedError("data", "process 1 on host", cause),
  new ledger.DeletionProtectedError("cars"),
  new ledger.JournalReplayError(5, "a revision without metadata"),
  new ledger.LedgerClosedError(),
  new ledger.LedgerEmptyError("cars"),
  new ledger.LedgerExistsError("cars"),
  new ledger.LedgerLimitError("documents per transaction", 40, 41),
  new ledger.LedgerNameError("a_b"),
  new ledger.LedgerNotFoundError("cars"),
  new ledger.OccConflictError("transaction", "table 1 changed"),
  new ledger.RestoreRefusedError(
    "gap",
    "Expected an export from block 3 on, found block 5 first: name it too.",
  ),
  new ledger.RedactionError("the current one", "update the document"),
  new ledger.StoreAccessError("cars.ledger", "a full disk", "make room", cause),
  new ledger.StoreFormatError("cars.ledger", 1, 2),
  new ledger.StoreLockedError("cars.ledger", cause),
  new ledger.StoreReplacedError("cars.ledger"),
  new ledger.StoreUnreadableError("cars.ledger", "it is empty", cause),
  new ledger.TipUnreadableError("cars.ledger-tip"),
  new ledger.InsecureServerError("0.0.0.0"),
  new ledger.TlsFileError("tls.key", "Expected a private key, found another text: correct the file"),
  new ledger.TransactionFailedError("transaction"),
  new ledger.UniqueIndexError("Cars", "vin"),
];

function documented(): string[] {
  const page = readFileSync(join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/ledger`")) ?? "";
  return [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(
    ([, code = "", name = ""]) => `${code} ${name}`,
  );
}

describe("The errors of the ledger", () => {
  it("are all of those that the package exports", () => {
    const exported = Object.entries<unknown>(ledger)
      .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
      .map(([name]) => name);
    expect(errors.map(({ name }) => name).sort()).toEqual(exported.sort());
  });

  it("have unique codes, which the reference lists with their classes", () => {
    expect(new Set(errors.map(({ code }) => code)).size).toBe(errors.length);
    expect(documented().sort()).toEqual(errors.map(({ code, name }) => `${code} ${name}`).sort());
  });

  // Two keep QLDB's own wording, which clients have been seen to match.
  it.each(errors.filter(({ code }) => code !== "OCC_CONFLICT" && code !== "LEDGER_CATALOG"))(
    "$name says what was expected, what was found and what to do next",
    ({ message }) => {
      expect(message).toMatch(/^((keys\.json|tls\.key): )?Expected .*, found .*: .*\.$/);
    },
  );
});
