// SPDX-License-Identifier: MIT

/**
 * Where the files of an export go: a folder, or a bucket.
 *
 * A file appears under its key only when it is complete. Nothing is ever overwritten.
 */
export interface ExportTarget {
  /** Begins a file whose key is known only at its end. `folderKey` is the folder it will be in, `""` or ending in `/`. */
  begin(folderKey: string, label: string): Promise<PartialFile>;
  /** Completes a file. Throws `ExportWriteError` if there is one of this key. */
  finish(file: PartialFile, key: string): Promise<void>;
  /** Makes sure that what was finished survives a crash of the machine. */
  sync(): Promise<void>;
  /** Removes the files that were finished. */
  takeBack(): Promise<void>;
  /** The path or URL of a key. */
  locationOf(key: string): string;
}

/** A file that is being written. */
export interface PartialFile {
  /** Bytes written so far. */
  readonly size: number;
  write(bytes: Uint8Array): Promise<void>;
  /** Gives up the file. */
  discard(): Promise<void>;
}
