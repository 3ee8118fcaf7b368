// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A mapping file that cannot be used; all of its problems at once. */
export class MappingFileError extends LedgerLoaderError {
  readonly code = "DMS_MAPPING_FILE";
  /** One sentence per problem, each beginning with the entry that it is about. */
  readonly problems: readonly string[];

  constructor(name: string, problems: readonly string[], cause?: unknown) {
    super(
      `Expected ${name} to map source tables to target tables, found:\n${problems.join("\n")}\n` +
        `Correct the file; docs/guides/load-from-dms.md says what it holds.`,
      { cause },
    );
    this.problems = problems;
  }
}

/** `LOAD_EVENT_MAPPER` names nothing that could be used. */
export class MapperNotFoundError extends LedgerLoaderError {
  readonly code = "DMS_MAPPER_NOT_FOUND";
  /** The thing that the name leads to instead. */
  readonly found: string;

  constructor(name: string, found: string, cause?: unknown) {
    super(
      `Expected LOAD_EVENT_MAPPER=${name} to name a LoadEventMapper, found ${found}. ` +
        `Name MappingFileLoadEventMapper or module#export, with the module installed beside the loader.`,
      { cause },
    );
    this.found = found;
  }
}
