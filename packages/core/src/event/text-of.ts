// SPDX-License-Identifier: MIT
import { type dom, IonTypes } from "ion-js";

/** The text of a string or symbol that is not null; `undefined` for everything else. */
export function textOf(value: dom.Value | null | undefined): string | undefined {
  const type = value?.getType();
  const isText = type === IonTypes.STRING || type === IonTypes.SYMBOL;
  return isText ? (value?.stringValue() ?? undefined) : undefined;
}
