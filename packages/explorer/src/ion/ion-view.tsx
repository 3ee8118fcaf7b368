// SPDX-License-Identifier: MIT
import type { IonSlice } from "@ledger-loader/ion";
import type { JSX } from "preact";
import { ionText } from "./plain-text";

/** More elements of one list or struct are counted and not drawn. */
const PARTS_MAX = 500;

/** A value as indented Ion text. */
export function IonView({ value }: { readonly value: IonSlice }): JSX.Element {
  return (
    <div class="ion" tabIndex={0}>
      <IonValue value={value} />
    </div>
  );
}

function IonValue({ value, name, comma }: { value: IonSlice; name?: string; comma?: boolean }): JSX.Element {
  const label = name === undefined ? null : <span class="ion-name">{name}: </span>;
  const end = comma === true ? "," : "";
  const parts = value.isNull ? [] : partsOf(value);
  if (parts.length === 0) {
    return (
      <div>
        {label}
        <span class={`ion-${value.isNull ? "null" : value.type}`}>{ionText(value)}</span>
        {end}
      </div>
    );
  }
  const [open, close] = BRACKETS[value.type] ?? ["", ""];
  const annotations = value.annotations().map((text) => `${text ?? "$0"}::`);
  return (
    <div>
      {label}
      {annotations.join("")}
      {open}
      <IonParts parts={parts} />
      {close}
      {end}
    </div>
  );
}

function IonParts({ parts }: { readonly parts: readonly Part[] }): JSX.Element {
  const left = parts.length - PARTS_MAX;
  return (
    <div class="ion-parts">
      {parts.slice(0, PARTS_MAX).map(([name, part], index) => (
        <IonValue
          key={index}
          value={part}
          comma={index < parts.length - 1}
          {...(name === undefined ? {} : { name })}
        />
      ))}
      {left > 0 ? <div class="quiet">… {left} more</div> : null}
    </div>
  );
}

type Part = readonly [name: string | undefined, value: IonSlice];

const BRACKETS: Readonly<Record<string, readonly [string, string]>> = {
  struct: ["{", "}"],
  list: ["[", "]"],
  sexp: ["(", ")"],
};

function partsOf(value: IonSlice): readonly Part[] {
  if (value.type === "struct") return value.fields().map(([name = "$0", field]) => [name, field] as const);
  if (value.type !== "list" && value.type !== "sexp") return [];
  return value.elements().map((element) => [undefined, element] as const);
}
