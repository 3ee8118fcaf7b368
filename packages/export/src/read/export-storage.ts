// SPDX-License-Identifier: MIT

/**
 * Where an export's objects are read from: a folder, a bucket.
 *
 * Keys are the full keys that manifests list. An implementation MUST stream: it MUST NOT hold an object's content.
 */
export interface ExportStorage {
  /** Finds the object of this key. */
  locate(key: string): Promise<LocatedObject | MissingObject>;
}

/** An object that is there. */
export interface LocatedObject {
  readonly found: true;
  /** Where it is, for people: a path, a URL. */
  readonly location: string;
  /** Size in bytes. */
  readonly size: number;
  /** Reads it from its beginning, in pieces of any size. Stopping the iteration releases what it holds. */
  read(): AsyncIterable<Uint8Array>;
}

/** An object that is not there. */
export interface MissingObject {
  readonly found: false;
  /** The places that were looked at, in order. */
  readonly tried: readonly string[];
}
