// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { describeAccess } from "../run/describe-access";
import type { Field } from "../value/struct";
import { makeStruct } from "../value/struct";
import type { Plan } from "./plan";

/** Plans EXPLAIN: a row `{table, access, field}` for each FROM item of the statement, which is not executed. */
export function planExplain({ steps }: Plan): Plan {
  return {
    steps: [],
    async *run(frame) {
      for (const description of await describeAccess(steps, frame)) {
        const { table, access, field } = description;
        const fields = { table, access, field };
        yield makeStruct(
          Object.entries(fields).flatMap(([name, text]): Field[] =>
            text === undefined ? [] : [[name, new dom.String(text)]],
          ),
        );
      }
    },
  };
}
