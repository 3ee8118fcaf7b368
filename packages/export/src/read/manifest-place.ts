// SPDX-License-Identifier: MIT
import type { ExportStorage } from "./export-storage";

/** Where manifests are looked for: the folders of a disk, or a bucket. */
export interface ManifestPlace {
  /**
   * Finds the completed manifests at a path or URL: the manifest itself, or all of the folder that it names.
   *
   * @throws ManifestError if there is none.
   */
  find(path: string): Promise<readonly string[]>;
  /** Reads a manifest as it is stored; `undefined` if it is missing. Manifests are small: one line per data object. */
  read(location: string): Promise<Uint8Array | undefined>;
  /** Opens the storage of the data objects whose keys a completed manifest lists. */
  storageOf(location: string, keys: readonly string[]): ExportStorage;
}
