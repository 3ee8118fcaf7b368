// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { command, type AnyCommandBody } from "../options/command-spec";
import {
  CONNECTION_OPTIONS,
  connectionFrom,
  CREDENTIALS_NOTE,
  type ConnectionOptions,
} from "../ledger/connection";
import { UsageError } from "../cli-errors";
import { withInput } from "../files";
import type { Terminal } from "../output/terminal";
import { ExitCode } from "../output/exit-code";
import { ionLine, ionParameter } from "../ledger/ion-rows";
import { counted } from "../output/layout";
import { withLedger } from "../ledger/open-ledger";

interface Options extends ConnectionOptions {
  readonly param?: readonly dom.Value[];
}

/** `ledger query NAME 'PartiQL'` */
export const ledgerQuery: AnyCommandBody = command<readonly [name: string, statement: string], Options>({
  description:
    "Each row is one line of Ion text. JSON (`--json`) has no decimals, timestamps and " +
    `symbols.\n\n${CREDENTIALS_NOTE}`,
  arguments: ["the ledger", "PartiQL, with a `?` for each parameter, or `-` for standard input"],
  options: [
    {
      flags: "--param <ion>",
      description: "the next parameter as Ion text. A string needs its quotes, '\"text\"'",
      repeatable: true,
      parse: ionParameter,
    },
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    {
      command: "ledger-loader ledger query vehicles 'SELECT * FROM Vehicle'",
      what: "all documents of a table",
    },
    {
      command: `ledger-loader ledger query vehicles 'SELECT * FROM Vehicle WHERE VIN = ?' --param '"1N4AL11D75C109151"'`,
      what: "with a parameter",
    },
    {
      command: "ledger-loader ledger query vehicles 'SELECT name FROM information_schema.user_tables'",
      what: "the names of the tables",
    },
    {
      command: "cat statement.sql | ledger-loader ledger query vehicles -",
      what: "a statement from standard input",
    },
  ],
  exits: { holds: "the statement was executed and committed" },
  async run(context, [name, statement], options) {
    const connection = connectionFrom(options, context.terminal.env);
    const text = statement === "-" ? await readStatement(context.terminal) : statement;
    const rows = await withLedger(connection, name, 1, (ledger) =>
      ledger.transact((transaction) => transaction.execute(text, ...(options.param ?? []))),
    );
    if (context.terminal.stderr.isTTY === true) context.note(counted(rows.length, "row"));
    return {
      exitCode: ExitCode.holds,
      document: { ledger: name, rows },
      text: rows.map(ionLine).join("\n"),
      isData: true,
    };
  },
});

/** The statement on standard input; a semicolon at its end, which other shells need, is no part of it. */
async function readStatement(terminal: Terminal): Promise<string> {
  const chunks = await withInput("-", "a statement", terminal, (input) => collect(input));
  const text = Buffer.concat(chunks).toString("utf8").trim().replace(/;$/, "");
  if (text !== "") return text;
  throw new UsageError("expected a PartiQL statement on standard input, found nothing");
}

async function collect(input: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return chunks;
}
