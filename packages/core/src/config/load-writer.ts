// SPDX-License-Identifier: MIT
import { BaseRevisionWriter } from "../writer/base-revision-writer";
import type { LoaderConfig } from "./config";
import { WriterNotFoundError } from "../errors";
import { importExport } from "./import-export";
import { RevisionWriter } from "../writer/revision-writer";
import { TableMapperRevisionWriter } from "../writer/table-mapper-revision-writer";

/**
 * Makes the writer that `REVISION_WRITER` names.
 *
 * `module#export` is resolved like an import of the working directory: a package, or a path that begins with `./`. The
 * export is a subclass of RevisionWriter, which is constructed with the configuration, or a function that is called
 * with it and returns a writer.
 *
 * @throws WriterNotFoundError if there is no such writer.
 */
export async function loadWriter(
  config: Pick<LoaderConfig, "revisionWriter" | "idField" | "tableIdFields">,
): Promise<RevisionWriter> {
  const { revisionWriter: name } = config;
  if (name === "BaseRevisionWriter") return new BaseRevisionWriter({ idField: config.idField });
  if (name === "TableMapperRevisionWriter") return new TableMapperRevisionWriter(config.tableIdFields);
  if (!name.includes("#")) throw new WriterNotFoundError(name, "neither a built-in writer nor module#export");
  const exported = await importExport(name).catch((error: unknown) => {
    throw new WriterNotFoundError(name, `no module that loads (${firstLine(error)})`, error);
  });
  return makeWriter(config, exported);
}

/**
 * Makes a writer of what a module exports: see {@link loadWriter}.
 *
 * @throws WriterNotFoundError if it makes none.
 */
export function makeWriter(config: Pick<LoaderConfig, "revisionWriter">, exported: unknown): RevisionWriter {
  if (exported === undefined) throw new WriterNotFoundError(config.revisionWriter, "no export of that name");
  if (isClassOfOthers(exported)) {
    throw new WriterNotFoundError(
      config.revisionWriter,
      "a class that does not extend RevisionWriter of this copy of @ledger-loader/core",
    );
  }
  let writer: unknown;
  try {
    writer = construct(exported, config);
  } catch (error) {
    throw new WriterNotFoundError(
      config.revisionWriter,
      `one that cannot be made: given the configuration, it threw ${firstLine(error)}`,
      error,
    );
  }
  // A writer of another copy of this package would bring its own idea of the guarantee.
  if (!(writer instanceof RevisionWriter)) {
    throw new WriterNotFoundError(
      config.revisionWriter,
      "an export that is no RevisionWriter of this copy of @ledger-loader/core",
    );
  }
  return writer;
}

function construct(exported: unknown, config: Pick<LoaderConfig, "revisionWriter">): unknown {
  if (typeof exported !== "function") return undefined;
  return exported.prototype instanceof RevisionWriter
    ? new (exported as new (config: unknown) => unknown)(config)
    : (exported as (config: unknown) => unknown)(config);
}

/** Calling a class says only that it cannot be called. */
function isClassOfOthers(exported: unknown): boolean {
  return (
    typeof exported === "function" &&
    Function.prototype.toString.call(exported).startsWith("class") &&
    !(exported.prototype instanceof RevisionWriter)
  );
}

/** The message of an error, without the paths that Node.js lists below. */
function firstLine(error: unknown): string {
  return String(error).split("\n", 1)[0] ?? "";
}
