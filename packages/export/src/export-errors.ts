// SPDX-License-Identifier: MIT
import { LedgerLoaderError, printable, type LedgerLoaderErrorOptions } from "@ledger-loader/errors";

/** No usable manifest where one was named: not there, several of them, or not a completed manifest's content. */
export class ManifestError extends LedgerLoaderError {
  readonly code = "EXPORT_MANIFEST";
  /** The manifest's path, or the place that was searched. */
  readonly manifest: string;

  constructor(manifest: string, message: string, options: LedgerLoaderErrorOptions = {}) {
    super(message, options);
    this.manifest = manifest;
  }
}

/** Manifests or data objects that do not add up to one unbroken run of blocks of one ledger. */
export class NotContiguousError extends LedgerLoaderError {
  readonly code = "EXPORT_NOT_CONTIGUOUS";
}

/** A data object that the manifest lists cannot be found. */
export class MissingObjectError extends LedgerLoaderError {
  readonly code = "EXPORT_OBJECT_MISSING";
  /** The full key from the manifest. */
  readonly key: string;
  /** The places that were looked at, in order. */
  readonly tried: readonly string[];

  constructor(key: string, tried: readonly string[]) {
    super(
      `Expected the data object ${printable(JSON.stringify(key))} that the manifest lists, found none of: ${tried.join(", ")}. ` +
        "Copy the whole export, data objects and manifests, keeping the folders below its prefix.",
    );
    this.key = key;
    this.tried = tried;
  }
}

/** An object of a bucket, or the listing of its objects, cannot be read: the service refuses it, or several tries failed. */
export class ObjectUnreadableError extends LedgerLoaderError {
  readonly code = "EXPORT_UNREADABLE";
  /** The URL of the object, or the prefix of the listing. */
  readonly location: string;

  /**
   * @param found - what was found instead of the object, and how to mend it
   */
  constructor(location: string, found: string, options: LedgerLoaderErrorOptions) {
    super(`Expected to read ${location}, found ${found}`, options);
    this.location = location;
  }
}

/** An export in a format that cannot be read: JSON, or something that is not Ion. */
export class UnsupportedFormatError extends LedgerLoaderError {
  readonly code = "EXPORT_FORMAT";
}

/** A data object whose content is not what an export holds. */
export class MalformedContentError extends LedgerLoaderError {
  readonly code = "EXPORT_CONTENT";
  /** Full key of the data object; empty where the content came from no object. */
  readonly key: string;
  /** Position in bytes of the value within the object. */
  readonly offset: number;

  constructor(key: string, offset: number, problem: string, options: LedgerLoaderErrorOptions = {}) {
    super(
      `${key === "" ? "Byte" : `${key}, byte`} ${offset}: ${problem}. ` +
        "The object is damaged or is no journal export: fetch it again from where it was exported to.",
      options,
    );
    this.key = key;
    this.offset = offset;
  }
}

/** Gzipped content inflates to many times its size: reading stops before it fills the machine. */
export class InflationLimitError extends LedgerLoaderError {
  readonly code = "EXPORT_INFLATION";
  /** Full key of the data object, or the path of the manifest. */
  readonly key: string;

  constructor(key: string, compressedBytes: number, inflatedBytes: number) {
    super(
      `${key}: ${compressedBytes} bytes of gzip inflate to more than ${inflatedBytes} bytes, over 200 times as many. ` +
        "No journal shrinks that far. Decompress the file yourself if you trust it.",
    );
    this.key = key;
  }
}

/** An export could not be written: the blocks or options do not fit, or a file is in the way. */
export class ExportWriteError extends LedgerLoaderError {
  readonly code = "EXPORT_WRITE";
}
