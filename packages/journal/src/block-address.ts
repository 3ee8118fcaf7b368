// SPDX-License-Identifier: MIT
import { type IonSlice, IonWriter, TypeCode } from "@ledger-loader/ion";
import type { BlockAddress } from "./address";
import { StructReader } from "./struct-reader";

/** Reads `{strandId: "…", sequenceNo: n}`. */
export function decodeBlockAddress(value: IonSlice, path = "blockAddress"): BlockAddress {
  const fields = new StructReader(value, path);
  const address = { strandId: fields.string("strandId"), sequenceNo: fields.int("sequenceNo") };
  fields.rejectUnknown();
  return address;
}

/** Writes an address where `writer` stands. */
export function writeBlockAddress(writer: IonWriter, address: BlockAddress): void {
  writer.open(TypeCode.STRUCT);
  writer.fieldName("strandId");
  writer.string(address.strandId);
  writer.fieldName("sequenceNo");
  writer.int(address.sequenceNo);
  writer.close();
}

/** An address as Ion text, as QLDB's control plane takes it. */
export function formatBlockAddress(address: BlockAddress): string {
  return `{strandId:${JSON.stringify(address.strandId)},sequenceNo:${address.sequenceNo}}`;
}

/** True if two addresses are the same. */
export function addressesEqual(a: BlockAddress, b: BlockAddress): boolean {
  return a.strandId === b.strandId && a.sequenceNo === b.sequenceNo;
}
