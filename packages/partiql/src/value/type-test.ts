// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { IonType } from "ion-js";
import type { TypeName } from "../syntax/ast";
import { isAbsent } from "./datum";
import type { Datum } from "./datum";

const ION_TYPES: Readonly<Partial<Record<TypeName, IonType>>> = {
  BOOL: IonTypes.BOOL,
  INT: IonTypes.INT,
  DECIMAL: IonTypes.DECIMAL,
  FLOAT: IonTypes.FLOAT,
  TIMESTAMP: IonTypes.TIMESTAMP,
  STRING: IonTypes.STRING,
  SYMBOL: IonTypes.SYMBOL,
  BLOB: IonTypes.BLOB,
  CLOB: IonTypes.CLOB,
  LIST: IonTypes.LIST,
  SEXP: IonTypes.SEXP,
  STRUCT: IonTypes.STRUCT,
};

/** Evaluates `datum IS type`. NULL is every null and MISSING; a typed null is of no other type. */
export function isOfType(datum: Datum, type: TypeName): boolean {
  if (type === "NULL") return isAbsent(datum);
  if (type === "MISSING") return datum === undefined;
  if (isAbsent(datum)) return false;
  return datum.getType() === ION_TYPES[type];
}
