// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import { type Datum, FALSE, isAbsent, TRUE } from "./datum";
import { mismatch, type Problem } from "./problem";

/** The truth of a condition; `undefined` for NULL and MISSING, and a problem for everything else that is no boolean. */
export function truthOf(datum: Datum): boolean | undefined | Problem {
  if (datum === TRUE) return true;
  if (datum === FALSE) return false;
  if (isAbsent(datum)) return undefined;
  return datum.getType() === IonTypes.BOOL ? (datum.booleanValue() ?? undefined) : mismatch(datum);
}
