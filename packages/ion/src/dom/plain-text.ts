// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { buildLazily } from "../binary/decode-ion";
import { readSingleValue } from "../binary/ion-stream";
import { transcodePlainText } from "../text/plain-text";

/**
 * Reads what most events are made of, in JSON and in Ion text: structs, lists, strings, numbers without exponent, `true`,
 * `false` and `null`, at several times the speed of ion-js. Structs within the values are built when somebody asks for their fields.
 *
 * @returns the top-level values, structs or lists, exactly as ion-js would read them; `undefined` if there is anything
 * else in the text, sound or not.
 */
export function readPlainText(text: string): readonly dom.Value[] | undefined {
  return transcodePlainText(text)?.map((binary) => buildLazily(readSingleValue(binary)));
}
