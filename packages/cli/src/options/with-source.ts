// SPDX-License-Identifier: MIT
import type { JournalExport } from "@ledger-loader/export";
import { UsageError } from "../cli-errors";
import { type JournalOptions, withJournal } from "../ledger/ledger-journal";
import type { Terminal } from "../output/terminal";
import { withExport } from "./with-export";

const LEDGER = "ledger:";

/** The text of `--help` about a source. */
export const SOURCE_FORMS = "an export as `*.completed.manifest`, folder or `s3://` URL, or `ledger:NAME`";

/**
 * Opens exports, or the journal of a ledger in the shape of an export, and runs `work` with it.
 *
 * @param place - where the ledger is
 */
export async function withSource<T>(
  terminal: Terminal,
  names: readonly string[],
  place: JournalOptions,
  work: (journal: JournalExport) => Promise<T>,
): Promise<T> {
  const ledgers = names.filter((name) => name.startsWith(LEDGER));
  const [ledger] = ledgers;
  if (ledger === undefined) return withExport(terminal.env, names, work);
  if (names.length > 1) {
    throw new UsageError(
      `expected ${ledger} alone, found ${names.length} sources: a ledger's journal is whole`,
    );
  }
  return withJournal(terminal, ledger.slice(LEDGER.length), place, ({ asExport }) => work(asExport));
}
