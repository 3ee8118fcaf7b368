// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import * as core from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const cause = new Error("cause");

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new core.BookkeepingFormatError(2),
  new core.ChannelUnavailableError("Expected an answer, found none: try again."),
  new core.CheckpointFileError("stream.json", "checkpoints of a", "those of b"),
  new core.ConfigurationError(["LEDGER_NAME: expected a name, found nothing"]),
  new core.DeadLetterFormatError("what is not JSON"),
  new core.DeadLettersMissingError("letters.jsonl"),
  new core.DeadLettersNoFileError("/dev/null"),
  new core.DeliveriesFailedError(["1"], ["version-gap"]),
  new core.DrainTimeoutError(25_000),
  new core.DryRunStorageError("/tmp", cause),
  new core.EventsRefusedError(
    [
      {
        event: core.createEvent({ op: "DELETE", table: "T", id: "jane" }),
        code: "InvalidMessageContents",
        reason: "no",
      },
    ],
    [1, 2].map((version) => core.createEvent({ op: "DELETE", table: "T", id: "jane", version })),
    7,
  ),
  new core.FileLockedError("letters.jsonl", 40_000),
  new core.HealthServerError("127.0.0.1", 9464, cause),
  new core.InvalidEventError("op", "one of INSERT", `"UPSERT"`),
  new core.InvalidIdentifierError("T; DROP"),
  new core.LedgerAnswerError("1 row", "2"),
  new core.LedgerUnavailableError("ECONNREFUSED", cause),
  new core.MappingError("map.json", "no object"),
  new core.MaskingConfigError(["tables.T: expected a struct, found a list"]),
  new core.MaskingError("address.street", "a field of a struct", "a string"),
  new core.ParkingFailedError([], "ENOSPC", cause),
  new core.ReceiptsUnwrittenError("receipts.jsonl", cause),
  new core.StatementRefusedError("no such table", cause),
  new core.TableSetupError("T", ["id"], cause),
  new core.TransactionConflictError(9, cause),
  new core.TransactionExpiredError(cause),
  new core.WriterContractError("find the document", "finds none"),
  new core.WriterNotFoundError("x#y", "no such module", cause),
];

/** The codes and classes of the package's section in the reference. */
function documented(): readonly (readonly [code: string, name: string])[] {
  const page = readFileSync(join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/core`")) ?? "";
  return [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(
    ([, code = "", name = ""]) => [code, name] as const,
  );
}

it("a single problem of a configuration is told as one", () => {
  expect(new core.ConfigurationError(["A: expected 1, found 2"]).message).toContain(
    "found a problem:\nA: expected",
  );
  expect(new core.ConfigurationError(["A: x", "B: y"]).message).toContain("found 2 problems:\n");
  expect(new core.MaskingConfigError(["T: x"]).message).toContain("found a problem:\n");
});

describe("The errors of core", () => {
  it("are all of those that the package exports", () => {
    const exported = Object.entries<unknown>(core)
      .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
      .map(([name]) => name);
    expect(errors.map(({ name }) => name).sort()).toEqual(exported.sort());
  });

  it("have unique codes, which the reference lists with their classes", () => {
    const codes = errors.map(({ code, name }) => [code, name] as const);
    expect(new Set(codes.map(([code]) => code)).size).toBe(codes.length);
    expect(documented().toSorted()).toEqual(codes.toSorted());
  });

  it.each(errors.map((error) => [error.name, error] as const))(
    "%s says what was expected and what to do next",
    (_, error) => {
      // What the ledger expected of a statement, the ledger says.
      expect(error.message).toMatch(/^(?:Expected .*[.:]|The ledger refused the statement:) ?[^]*\S\.$/);
      expect(error.message.split(/[.:] /).length).toBeGreaterThan(1);
    },
  );
});

describe("The reference of outcomes", () => {
  it("lists every reason to skip and to reject with its meaning", () => {
    const padded = readFileSync(join(__dirname, "../../../docs/guides/troubleshooting.md"), "utf8");
    const page = padded.replace(/ +\|/g, " |");
    for (const reason of core.SKIP_REASONS) expect(page).toContain(`| \`${reason}\` |`);
    for (const [reason, meaning] of Object.entries(core.REJECT_REASONS)) {
      expect(page).toContain(`| \`${reason}\` | ${meaning} |`);
    }
  });
});

it("says what a channel refused and what to do, without the record's id", () => {
  const refused = errors.find(({ code }) => code === "EVENTS_REFUSED");
  expect(refused?.message).toMatch(
    /accepted 7, refused 1 \(InvalidMessageContents; tables: T\), and 2 were held back/,
  );
  expect(refused?.message).not.toContain("jane");
});
