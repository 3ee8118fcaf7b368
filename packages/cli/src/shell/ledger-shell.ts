// SPDX-License-Identifier: MIT
import type { Ledger } from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
import { withInput } from "../files";
import { CONNECTION_OPTIONS, connectionFrom, CREDENTIALS_NOTE } from "../ledger/connection";
import { dataOption, type LedgerAccess, reachLedger } from "../ledger/reach-ledger";
import {
  command,
  type AnyCommandBody,
  type CommandContext,
  type CommandOutput,
} from "../options/command-spec";
import { errorLine } from "../output/error-line";
import { ExitCode } from "../output/exit-code";
import { styleFor } from "../output/style";
import { fitTo } from "../output/wrap";
import { InteractiveShell } from "./interactive-shell";
import { formatRows, ROW_FORMATS, type RowFormat } from "./row-format";
import { type ExecutedStatement, runScript } from "./script-shell";
import { Shell } from "./shell";
import { historyFile, ShellHistory } from "./shell-history";

interface Options extends LedgerAccess {
  readonly format: RowFormat;
  /** `false` after `--no-history`. */
  readonly history?: boolean;
  readonly json?: true;
}

/** A cancelled statement keeps its session until the server has ended it. */
const SESSIONS = 4;

/** `ledger shell NAME` */
export const ledgerShell: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "A statement ends with a semicolon, or with an empty line. Each statement commits by itself, unless `start` began a transaction, " +
    "which `commit` or `abort` ends. `help` lists the commands, `exit` or Ctrl-D leaves, and Ctrl-C cancels the running statement. A refused " +
    "statement changes nothing and leaves its transaction open.\n\n" +
    "Rows are Ion, one line each. `pretty` is Ion on several lines, `table` cuts long values, and `json` loses types. `format` changes the form " +
    "inside the shell.\n\n" +
    "The history is in ~/.local/state/ledger-loader/history (or below XDG_STATE_HOME), which only you can read. A line that begins with a blank is not kept.\n\n" +
    "Where standard input is no terminal, its statements run until the first error. Rows are on standard output. A transaction that is still open at the end is aborted, which " +
    `is an error.\n\n${CREDENTIALS_NOTE}`,
  arguments: ["the ledger"],
  options: [
    {
      flags: "--format <form>",
      description: "how rows are shown",
      choices: ROW_FORMATS,
      default: "ion",
    },
    { flags: "--no-history", description: "neither read nor keep a history" },
    dataOption("the ledger of a data folder that no server uses"),
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    { command: "ledger-loader ledger shell vehicles", what: "at a terminal" },
    { command: "ledger-loader ledger shell vehicles --format table", what: "with rows as tables" },
    {
      command: "cat changes.sql | ledger-loader ledger shell vehicles",
      what: "the statements of a file, which stop at the first error",
    },
  ],
  exits: {
    holds: "every statement was executed, or the user left",
    doesNotHold: "a statement of standard input failed, and those after it were not executed",
  },
  async run(context, [ledgerName], options) {
    const { terminal } = context;
    const isInteractive = isTerminal(terminal.stdin) && terminal.stdout.isTTY === true;
    if (isInteractive && options.json === true)
      throw new UsageError(
        "expected statements on standard input with --json, found a terminal: pipe them in",
      );
    const reach = { env: terminal.env, options, ledgerName, sessions: SESSIONS, occRetries: 0 } as const;
    return reachLedger({ ...reach, use: "change" }, (ledger) =>
      isInteractive
        ? runAtTerminal(context, ledger, ledgerName, options)
        : runFromInput(context, ledger, ledgerName, options),
    );
  },
});

function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

async function runAtTerminal(
  context: CommandContext,
  ledger: Ledger,
  ledgerName: string,
  options: Options,
): Promise<CommandOutput> {
  const { terminal, style } = context;
  const file = options.history === false ? undefined : historyFile(terminal.env);
  const place = options.data ?? connectionFrom(options, terminal.env).endpoint;
  const shell = new InteractiveShell({
    shell: new Shell(ledger, options.format),
    terminal,
    style,
    history: new ShellHistory(file, (problem) => {
      context.note(problem);
    }),
    greeting: `${style.good("ledger")} ${style.bold(ledgerName)} at ${place}\nA statement ends with ; or an empty line. "help" lists the commands.`,
    ledgerName,
  });
  await shell.run();
  return { exitCode: ExitCode.holds, document: undefined, text: "" };
}

async function runFromInput(
  { terminal }: CommandContext,
  ledger: Ledger,
  ledgerName: string,
  { format, json }: Options,
): Promise<CommandOutput> {
  const shell = new Shell(ledger, format);
  const executed: ExecutedStatement[] = [];
  const onStatement = (statement: ExecutedStatement): void => {
    if (json === true) executed.push(statement);
    else if (statement.rows.length > 0)
      terminal.stdout.write(`${formatRows(statement.rows, shell.format, terminal.stdout)}\n`);
  };
  const { failure } = await withInput("-", "statements", terminal, (input) =>
    runScript(shell, input, { onStatement, onText: () => undefined }),
  );
  if (failure !== undefined) {
    const style = styleFor(terminal.stderr, terminal.env);
    const error = errorLine(style, failure.message, failure.code);
    terminal.stderr.write(`${fitTo(terminal.stderr, error)}\n`);
  }
  return {
    exitCode: failure === undefined ? ExitCode.holds : ExitCode.doesNotHold,
    document: {
      ledger: ledgerName,
      statements: executed,
      error: failure && { code: failure.code, message: failure.message, line: failure.line },
    },
    text: "",
  };
}
