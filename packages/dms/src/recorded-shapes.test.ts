// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import type { EventOp, RejectReason } from "@ledger-loader/core";
import { decodeDmsRecords, type SourceEngine } from "@ledger-loader/dms";
import { load, type dom } from "ion-js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expected, options, plain } from "../test/dms-records";

interface Shape {
  readonly name: string;
  readonly engine: string;
  readonly record: object;
  readonly events?: readonly {
    readonly op: string;
    readonly id: number;
    readonly position: readonly number[];
    readonly data?: object;
  }[];
  readonly rejected?: string;
}

const shapes = JSON.parse(
  readFileSync(join(__dirname, "../test/fixtures/recorded-shapes.json"), "utf8"),
) as readonly Shape[];

describe("A record as DMS writes it", () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))("%s", (_, shape) => {
    const { events, atomic } = decodeDmsRecords(
      JSON.stringify(shape.record),
      options({ engine: shape.engine as SourceEngine }),
    );
    const wanted = (shape.events ?? []).map(({ op, id, position, data }) =>
      expected({
        op: op as EventOp,
        table: "Person",
        id,
        position,
        data: data && (load(JSON.stringify(data)) as dom.Struct),
      }),
    );
    expect(events.map(plain)).toEqual(
      shape.rejected === undefined ? wanted : [shape.rejected as RejectReason],
    );
    expect(atomic).toBe(events.length > 1);
  });
});
