// SPDX-License-Identifier: MIT
import { encodeIon } from "@ledger-loader/ion";
import { dom } from "ion-js";
import { vehicle } from "../vehicle";
import type { KeyedDocument } from "./document-store";

/** As many documents as one transaction of QLDB may have. */
export const PACK_SIZE = 40;

/** The vehicle of a number, with the key by which it is looked up. */
export function keyedDocument(number: number): KeyedDocument {
  const value = dom.Value.from(vehicle(number));
  return { key: keyOf(number), value, ion: encodeIon(value) };
}

/** The vehicles of numbers that follow each other. */
export function keyedDocuments(first: number, count: number): readonly KeyedDocument[] {
  return Array.from({ length: count }, (_, i) => keyedDocument(first + i));
}

/** The key of a vehicle. */
export function keyOf(number: number): string {
  return String(vehicle(number)["vin"]);
}

/** Documents by transactions, of as many as one may have. */
export function toPacks(documents: readonly KeyedDocument[]): readonly (readonly KeyedDocument[])[] {
  const packs: (readonly KeyedDocument[])[] = [];
  for (let at = 0; at < documents.length; at += PACK_SIZE) packs.push(documents.slice(at, at + PACK_SIZE));
  return packs;
}
