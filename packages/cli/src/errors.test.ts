// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import * as cli from "@ledger-loader/cli";
import * as move from "@ledger-loader/move";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** One of each error, by package. */
const packages: readonly (readonly [name: string, exports: object, errors: readonly LedgerLoaderError[]])[] =
  [
    [
      "move",
      move,
      [
        new move.CertificateError("expected a certificate, found none"),
        new move.CheckpointError("replay.json", "strand a", "b"),
        new move.HistoryChangedError("T"),
        new move.IdFieldTakenError({ table: "T", field: "f" }, ", such as f2"),
        new move.IdMissingError("T", 7),
        new move.UnexpectedHistoryError("documentId"),
      ],
    ],
    [
      "cli",
      cli,
      [
        new cli.BucketRefusedError("expected a bucket, found none"),
        new cli.BusRefusedError("expected a bus, found none"),
        new cli.ConnectionLostError(true, new Error("no")),
        new cli.FileError("x", "expected a file, found none"),
        new cli.QueueRefusedError("expected a queue, found none"),
        new cli.ScriptError(3, "expected a statement, found none"),
        new cli.ServerRefusedError("expected a ledger, found none"),
        new cli.ServerUnreachableError("http://127.0.0.1:1", { found: "nothing that listens there" }),
        new cli.StackRefusedError("expected a stack, found none"),
        new cli.StatementCancelledError(),
        new cli.StreamRefusedError("expected a stream, found none"),
        new cli.TopicRefusedError("expected a topic, found none"),
        new cli.TransactionLostError("its statement was cancelled"),
        new cli.UsageError("expected an option, found none"),
      ],
    ],
  ];

describe.each(packages)("the errors of %s", (name, exports, errors) => {
  it("are all of those that the package exports", () => {
    const exported = Object.entries(exports)
      .filter(
        ([, each]: [string, unknown]) =>
          typeof each === "function" && each.prototype instanceof LedgerLoaderError,
      )
      .map(([className]) => className);
    expect(errors.map((error) => error.name).sort()).toEqual(exported.sort());
  });

  it("stand in the reference with their codes", () => {
    const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "reference", "errors.md"), "utf8");
    const section = page.split("\n## ").find((part) => part.startsWith(`\`@ledger-loader/${name}\``)) ?? "";
    const documented = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, code, error]) => [
      code,
      error,
    ]);
    expect(documented.sort()).toEqual(errors.map((error) => [error.code, error.name]).sort());
  });
});
