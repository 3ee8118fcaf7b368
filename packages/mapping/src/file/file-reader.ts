// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { kindOf } from "../value/record-path";

/** Fields of a struct in a mapping file. */
export type Fields = ReadonlyMap<string, dom.Value>;

/** Reads parts of a mapping file and notes every problem, so that all are told together. */
export class FileReader {
  readonly problems: string[] = [];

  /** Notes a problem; there is no value then. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- no value of whatever type is expected
  report<T>(where: string, expected: string, found?: dom.Value): T | undefined {
    const what = found === undefined ? "" : `, found ${kindOf(found)}`;
    this.problems.push(`${where}: expected ${expected}${what}`);
    return undefined;
  }

  /** The known fields of a struct. An unknown one is a problem: a mistyped name must not be taken for an absent one. */
  fields(value: dom.Value, where: string, known: readonly string[]): Fields {
    const fields = new Map<string, dom.Value>();
    for (const [name, field] of this.anyFields(value, where)) {
      if (!known.includes(name)) this.report(`${where}.${name}`, `one of ${known.join(", ")}`);
      fields.set(name, field);
    }
    return fields;
  }

  /** The fields of a struct, whatever their names. */
  anyFields(value: dom.Value, where: string): readonly (readonly [string, dom.Value])[] {
    if (!(value instanceof dom.Struct)) {
      this.report(where, "a struct", value);
      return [];
    }
    return value.allFields().flatMap(([name, values]) => {
      if (values.length > 1) this.report(`${where}.${name}`, "it once");
      return values.slice(0, 1).map((field) => [name, field] as const);
    });
  }

  /** The elements of a list that is not empty. */
  elements(value: dom.Value, where: string): readonly dom.Value[] {
    const elements = value instanceof dom.List ? value.elements() : [];
    if (elements.length === 0) this.report(where, "a list of one or more", value);
    return elements;
  }

  /** The text of a string or symbol that is not empty. */
  text(value: dom.Value | undefined, where: string, expected = "text"): string | undefined {
    const text = plainText(value);
    return text === undefined || text === "" ? this.report(where, expected, value) : text;
  }

  /** One of several words; `undefined` where there is none. */
  choice<T extends string>(
    value: dom.Value | undefined,
    where: string,
    choices: readonly T[],
  ): T | undefined {
    if (value === undefined) return undefined;
    const text = plainText(value);
    const choice = choices.find((each) => each === text);
    return choice ?? this.report(where, `one of ${choices.join(", ")}`);
  }

  /** An int from 0 to `max`; `undefined` where there is none. */
  count(value: dom.Value | undefined, where: string, max: number): number | undefined {
    if (value === undefined) return undefined;
    const number = value.getType() === IonTypes.INT ? value.numberValue() : null;
    if (number !== null && number >= 0 && number <= max) return number;
    return this.report(where, `an int from 0 to ${max}`, number === null ? value : undefined);
  }

  /** True or false; `undefined` where there is none. */
  flag(value: dom.Value | undefined, where: string): boolean | undefined {
    if (value === undefined) return undefined;
    const flag = value.getType() === IonTypes.BOOL ? value.booleanValue() : null;
    return flag ?? this.report(where, "true or false", value);
  }
}

/** The text of a string or symbol. */
export function plainText(value: dom.Value | undefined): string | undefined {
  const type = value?.getType();
  const isText = type === IonTypes.STRING || type === IonTypes.SYMBOL;
  return isText ? (value?.stringValue() ?? undefined) : undefined;
}
