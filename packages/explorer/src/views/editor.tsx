// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { isReadStatement } from "../api/read-statement";
import { runStatement, type StatementResult } from "../api/run-statement";
import { useAction } from "../parts/use-action";
import { keepStatement, keptStatement } from "./editor-state";
import { QueryProblem } from "./query-problem";
import { Result } from "./result";

/** So many rows are read at first. */
const ROWS_AT_FIRST = 1000;
/** Each time that more are asked for, so many times as many are read. */
const MORE = 10;
const ROWS_MAX = 100_000;

/** What was run, and what came of it. */
interface Run {
  readonly statement: string;
  readonly parameters: readonly string[];
  readonly rowsMax: number;
  readonly result: StatementResult;
}

/** What an editor does, and what came of it. */
interface Runner {
  readonly run: Run | undefined;
  /** The statement that was sent last. */
  readonly sent: string;
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly execute: (request: Omit<Run, "result">) => void;
}

function useRunner(ledger: string): Runner {
  const [run, setRun] = useState<Run>();
  const [sent, setSent] = useState("");
  const { isRunning, error, run: begin } = useAction();
  const execute = (request: Omit<Run, "result">): void => {
    setSent(request.statement);
    setRun(undefined);
    begin(async () => {
      setRun({ ...request, result: await runStatement(ledger, request) });
    });
  };
  return { run, sent, isRunning, error, execute };
}

/** Runs PartiQL statements against a ledger. */
export function Editor({
  ledger,
  canWrite,
}: {
  readonly ledger: string;
  readonly canWrite: boolean;
}): JSX.Element {
  const [statement, setStatement] = useState(() => keptStatement(ledger));
  const [parameters, setParameters] = useState("");
  const runner = useRunner(ledger);
  const editor = useRef<HTMLTextAreaElement>(null);
  const change = (text: string): void => {
    keepStatement(ledger, text);
    setStatement(text);
  };
  const submit = (): void => {
    if (statement.trim() !== "" && !runner.isRunning)
      runner.execute({ statement, parameters: linesOf(parameters), rowsMax: ROWS_AT_FIRST });
  };
  return (
    <section>
      <h1>PartiQL</h1>
      <form
        class="editor"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <StatementField {...{ statement, editor }} onChange={change} onRun={submit} />
        <ParameterField value={parameters} onValue={setParameters} isNeeded={statement.includes("?")} />
        <div class="bar">
          <button type="submit" class="main" disabled={runner.isRunning}>
            {runner.isRunning ? "Running…" : "Run"}
          </button>
          <span class="quiet">{hintOf(statement, canWrite)}</span>
        </div>
      </form>
      <Outcome runner={runner} editor={editor} />
    </section>
  );
}

function Outcome({
  runner: { run, sent, error, execute },
  editor,
}: {
  readonly runner: Runner;
  readonly editor: { readonly current: HTMLTextAreaElement | null };
}): JSX.Element {
  const rowsMax = (run?.rowsMax ?? 0) * MORE;
  const read = (): void => {
    if (run !== undefined) execute({ ...run, rowsMax });
  };
  const hasMore = run?.result.hasMore === true && rowsMax <= ROWS_MAX;
  return (
    <div aria-live="polite">
      {error === undefined ? null : <QueryProblem error={error} statement={sent} editor={editor} />}
      {run === undefined ? null : (
        <Result result={run.result} key={run.rowsMax} {...(hasMore ? { more: { rowsMax, read } } : {})} />
      )}
    </div>
  );
}

function hintOf(statement: string, canWrite: boolean): string {
  const keys = "Ctrl+Enter runs the statement.";
  if (isReadStatement(statement)) return `${keys} It only reads, so its transaction leaves no block.`;
  return canWrite
    ? `${keys} Its transaction is committed.`
    : `${keys} The server allows SELECT only: start it with --explorer write to change documents.`;
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function StatementField({
  statement,
  editor,
  onChange,
  onRun,
}: {
  readonly statement: string;
  readonly editor: { current: HTMLTextAreaElement | null };
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>Statement</span>
      <textarea
        ref={editor}
        class="code"
        rows={Math.min(16, Math.max(5, statement.split("\n").length + 1))}
        spellcheck={false}
        autocapitalize="off"
        value={statement}
        onInput={(event) => {
          onChange(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onRun();
        }}
      />
    </label>
  );
}

function ParameterField({
  value,
  onValue,
  isNeeded,
}: {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly isNeeded: boolean;
}): JSX.Element | null {
  if (!isNeeded && value === "") return null;
  return (
    <label class="field">
      <span>Parameters: one Ion value per line, one line per question mark</span>
      <textarea
        class="code"
        rows={Math.max(2, value.split("\n").length)}
        spellcheck={false}
        value={value}
        placeholder={'"KM8SRDHF6EU074761"'}
        onInput={(event) => {
          onValue(event.currentTarget.value);
        }}
      />
    </label>
  );
}
