// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { describeAccess } from "../run/describe-access";
import type { AccessDescription } from "../run/describe-access";
import type { Field } from "../value/struct";
import { makeStruct } from "../value/struct";
import type { Plan } from "./plan";

/**
 * Plans EXPLAIN: a row `{table, access, field, join, nested}` for each FROM item of the statement, which is not executed, and of its
 * nested SELECTs that read tables.
 */
export function planExplain(plan: Plan): Plan {
  return {
    steps: [],
    queries: [],
    decodedParameters: new Set(),
    async *run(frame) {
      for (const description of await describeAccess(plan, frame)) yield toRow(description);
    },
  };
}

function toRow({ table, access, field, join, nested }: AccessDescription): dom.Value {
  const texts = Object.entries({ table, access, field, join }).flatMap(([name, text]): Field[] =>
    text === undefined ? [] : [[name, new dom.String(text)]],
  );
  return makeStruct(nested === true ? [...texts, ["nested", new dom.Boolean(true)]] : texts);
}
