// SPDX-License-Identifier: MIT
import { type DataObjectName, parseDataObjectName } from "./data-object-name";
import { MissingObjectError } from "../export-errors";
import type { ExportStorage, LocatedObject } from "./export-storage";
import type { ManifestSource } from "./manifest-source";

/** A data object as a manifest lists it. */
export interface DataObject {
  /** Full key within the bucket. */
  readonly key: string;
  /** The parts of the key; `undefined` if it is not named as an export's objects are. */
  readonly name: DataObjectName | undefined;
  readonly storage: ExportStorage;
}

/** The data objects of a manifest, in its order, which is the journal's. */
export function listDataObjects({ manifest, storage }: ManifestSource): DataObject[] {
  return manifest.keys.map((key) => ({ key, name: parseDataObjectName(key), storage }));
}

/** Finds a data object's content. Throws `MissingObjectError`, which lists the places that were tried. */
export async function locateDataObject({ key, storage }: DataObject): Promise<LocatedObject> {
  const located = await storage.locate(key);
  if (!located.found) throw new MissingObjectError(key, located.tried);
  return located;
}
