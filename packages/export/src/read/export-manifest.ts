// SPDX-License-Identifier: MIT
import { decodeIon } from "@ledger-loader/ion";
import { IonTypes, type dom } from "ion-js";
import { ManifestError } from "../export-errors";
import type { FileHash } from "./object-content";

/** The content of an export's completed manifest, and what its name and its started manifest say. */
export interface ExportManifest {
  /** Where the manifest was read: a path, or a URL. */
  readonly location: string;
  /** Full keys of the data objects within the bucket, as listed. */
  readonly keys: readonly string[];
  /** From the manifest's name; `undefined` if the file was renamed. */
  readonly strandId: string | undefined;
  /** From the started manifest; `undefined` if that was not copied along. */
  readonly started: StartedManifest | undefined;
  /** The id of the export: from the started manifest or, with the prefix that is glued to it, from the manifest's name. */
  readonly exportId?: string | undefined;
  /** The files of the manifest that were read. None where no file was read. */
  readonly files?: readonly FileHash[];
}

/** The request of an export. Fields that a manifest does not have are `undefined`. */
export interface StartedManifest {
  readonly ledgerName: string | undefined;
  readonly exportId: string | undefined;
  readonly prefix: string | undefined;
  readonly outputFormat: string | undefined;
  /** The period that was asked for, as Ion text: blocks from the start on, and before the end. */
  readonly inclusiveStartTime?: string | undefined;
  readonly exclusiveEndTime?: string | undefined;
}

const COMPLETED = /^(.+)\.([^.]+)\.completed\.manifest(?:\.gz)?$/;

/** True if a file of this name is a completed manifest. */
export function isCompletedManifestName(fileName: string): boolean {
  return COMPLETED.test(fileName);
}

/**
 * Splits `[prefix]<exportId>.<strandId>.completed.manifest`; `undefined` if it is another name.
 *
 * A prefix without a trailing `/` is glued to the export id, so the two are not told apart here.
 */
export function parseManifestName(
  fileName: string,
): { strandId: string; exportId: string; startedName: string } | undefined {
  const [, beforeStrand, strandId] = COMPLETED.exec(fileName) ?? [];
  if (beforeStrand === undefined || strandId === undefined) return undefined;
  return { strandId, exportId: beforeStrand, startedName: `${beforeStrand}.started.manifest` };
}

/**
 * Parses a completed manifest: one struct with `keys`, in Ion text, Ion binary or JSON (it follows the export's format).
 *
 * Throws `ManifestError`.
 */
export function parseCompletedManifest(content: Uint8Array, location: string): readonly string[] {
  const keys = loadStruct(content, location).get("keys");
  if (keys?.getType() !== IonTypes.LIST || keys.isNull()) throw wrongContent(location, "no list named keys");
  return keys.elements().map((key) => {
    const text = findText(key);
    if (text === undefined || text === "") throw wrongContent(location, "a key that is not a string");
    return text;
  });
}

/** Parses a started manifest. Throws `ManifestError` if it is no struct. */
export function parseStartedManifest(content: Uint8Array, location: string): StartedManifest {
  const struct = loadStruct(content, location);
  const text = (name: string): string | undefined => findText(struct.get(name));
  return {
    ledgerName: text("ledgerName"),
    exportId: text("exportId"),
    prefix: text("prefix"),
    outputFormat: text("outputFormat"),
    inclusiveStartTime: findTime(struct.get("inclusiveStartTime")),
    exclusiveEndTime: findTime(struct.get("exclusiveEndTime")),
  };
}

function findText(value: dom.Value | null): string | undefined {
  const isText = value?.getType() === IonTypes.STRING || value?.getType() === IonTypes.SYMBOL;
  return isText ? (value.stringValue() ?? undefined) : undefined;
}

/** A timestamp of Ion, or the text that stands for one in JSON. */
function findTime(value: dom.Value | null): string | undefined {
  const isTime = value?.getType() === IonTypes.TIMESTAMP && !value.isNull();
  return isTime ? value.timestampValue()?.toString() : findText(value);
}

/** A manifest has another encoding after an editor of Windows has saved it. */
function foreignOf([a, b]: Uint8Array): string {
  const isUtf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  return isUtf16 ? "text in UTF-16: copy the original again, or save the file as UTF-8" : "neither";
}

function loadStruct(content: Uint8Array, location: string): dom.Value {
  let value: dom.Value;
  try {
    // Not ion-js, which passes over some kinds of damage and would return a manifest without keys.
    value = decodeIon(content);
  } catch (error) {
    throw new ManifestError(
      location,
      `Expected a manifest in Ion or JSON at ${location}, found ${foreignOf(content)}.`,
      {
        cause: error,
      },
    );
  }
  if (value.getType() !== IonTypes.STRUCT || value.isNull()) throw wrongContent(location, "no struct");
  return value;
}

function wrongContent(location: string, found: string): ManifestError {
  return new ManifestError(
    location,
    `Expected {keys: [<data object>, …]} in the completed manifest ${location}, found ${found}. ` +
      "Name the file that ends in .completed.manifest, as the export wrote it.",
  );
}
