// SPDX-License-Identifier: MIT
import type { OpenedFile } from "./open-sqlite-file";
import type { TipFile } from "./tip-file";

/** How a file is opened to be read. */
export interface ReadStorageOptions {
  /** Opens a journal that lacks acknowledged commits too, unless no block is left. */
  readonly evenIfShortened?: boolean;
}

/** The parts that a storage works with. */
export interface StorageParts extends OpenedFile {
  /** Files that SQLite has open; none for a store in memory. */
  readonly openFiles?: readonly string[];
  /** None for a store in memory. */
  readonly tip?: TipFile;
}
