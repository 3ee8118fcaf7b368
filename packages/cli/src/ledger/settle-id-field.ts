// SPDX-License-Identifier: MIT
import { type Ledger, loadWriter, readTables, type RevisionWriter, SETTINGS } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import {
  IdFieldTakenError,
  type IdFieldSurveyOptions,
  type ReplayChanges,
  surveyIdFields,
} from "@ledger-loader/move";
import type { CommandContext } from "../options/command-spec";
import { type IdFieldOptions, loaderConfigFrom } from "../options/loader-settings";
import { setting } from "./connection";

/** Another id field than the default one. */
export interface SettledIdField {
  readonly taken: string;
  /** Tables whose documents have that field. */
  readonly tables: readonly string[];
  readonly free: string;
}

/**
 * Looks at the first revisions of an export, and chooses another id field than the default one where documents have that
 * field already. `undefined`: the configured fields will do. The choice depends on the export, the mapping and the masking, so
 * that `reconcile` makes the same one as `export replay`.
 *
 * @param part - the tables that are replayed, and what the replay makes of revisions
 * @throws IdFieldTakenError if the user named the field: then the user must name another one.
 */
export async function settleIdField(
  { terminal: { env } }: CommandContext,
  journal: JournalExport,
  options: IdFieldOptions,
  { tables, ...changes }: ReplayChanges & Pick<IdFieldSurveyOptions, "tables">,
): Promise<SettledIdField | undefined> {
  const writer = await loadWriter(await loaderConfigFrom(env, options, "any"));
  const isNamed = isFieldNamed(options, env);
  // What is chosen must not depend on the part of the export that is replayed first.
  const looked = isNamed ? { tables } : {};
  const { taken, freeField } = await surveyIdFields(journal, {
    idFieldOf: idFieldOf(writer),
    ...changes,
    ...looked,
  });
  const [first] = taken;
  if (first === undefined) return undefined;
  const free = freeField(first.field);
  if (isNamed) throw new IdFieldTakenError(first, `, for example with --id-field ${free}`);
  return { taken: first.field, tables: taken.map(({ table }) => table), free };
}

/**
 * As {@link settleIdField}, for a ledger that is loaded. A replay through a channel does not know the masking of the program that
 * loads what is sent, so that its advice may be another field than that of a replay into the ledger: the ledger's indexes tell
 * which of the two was taken.
 */
export async function settleLoadedIdField(
  context: CommandContext,
  journal: JournalExport,
  options: IdFieldOptions,
  part: Parameters<typeof settleIdField>[3] & { readonly ledger: Ledger },
): Promise<SettledIdField | undefined> {
  const { ledger, ...changes } = part;
  const direct = await settleIdField(context, journal, options, changes);
  if (changes.transform === undefined) return direct;
  const sent = await settleIdField(context, journal, options, { ...changes, transform: undefined });
  if (sent === undefined || sent.free === direct?.free) return direct;
  const indexed = new Set([...(await readTables(ledger)).values()].flatMap((fields) => [...fields]));
  return indexed.has(sent.free) && !indexed.has(direct?.free ?? sent.taken) ? sent : direct;
}

/** The writer's field of a table; `undefined` where its hook cannot tell. */
export function idFieldOf(writer: RevisionWriter): IdFieldSurveyOptions["idFieldOf"] {
  return (table) => {
    try {
      return writer.idField(table);
    } catch {
      // The loader rejects the events of the table and says why.
      return undefined;
    }
  };
}

/** True where options or environment say in which field ids are kept, or name a writer that knows. */
export function isFieldNamed(
  { idField, idFields }: IdFieldOptions,
  env: CommandContext["terminal"]["env"],
): boolean {
  const writer = setting(env, SETTINGS.revisionWriter.name) ?? SETTINGS.revisionWriter.defaultValue;
  return (
    idField !== undefined ||
    idFields !== undefined ||
    setting(env, SETTINGS.idField.name) !== undefined ||
    writer !== SETTINGS.revisionWriter.defaultValue
  );
}
