// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { InvalidEventError, comparePositions } from "@ledger-loader/core";
import { parseLogPosition, SOURCE_ENGINES, type SourceEngine } from "@ledger-loader/dms";
import fc from "fast-check";

const uint = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
/** Close together as well as far apart, so that every part decides now and then. */
const part = (bits: number): fc.Arbitrary<bigint> => fc.oneof(fc.bigInt({ min: 0n, max: 3n }), uint(bits));

const hex = (value: bigint, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");
const lsn = (value: bigint): string => `${hex(value >> 32n, 8)}/${hex(value & 0xffff_ffffn, 8)}`;

interface Form {
  /** The parts that order positions, the weightiest first. */
  readonly parts: fc.Arbitrary<readonly bigint[]>;
  readonly print: (parts: readonly bigint[]) => string;
}

const FORMS: readonly (readonly [name: string, engine: SourceEngine, form: Form])[] = [
  [
    "PostgreSQL, as DMS prints it",
    "postgresql",
    {
      parts: fc.tuple(part(64), part(20), part(64)),
      print: ([a = 0n, n = 0n, b = 0n]) => `${lsn(a)}.${n}.${lsn(b)}`,
    },
  ],
  [
    "PostgreSQL, as it prints itself",
    "postgresql",
    {
      parts: fc.tuple(part(64)),
      print: ([a = 0n]) => `${(a >> 32n).toString(16)}/${(a & 0xffff_ffffn).toString(16)}`,
    },
  ],
  [
    "MySQL, file and offset",
    "mysql",
    {
      parts: fc.tuple(part(40), part(40)),
      print: ([file = 0n, offset = 0n]) =>
        `mysql-bin-changelog.${file.toString().padStart(6, "0")}:${offset}`,
    },
  ],
  [
    "MySQL, as in a checkpoint",
    "mysql",
    {
      parts: fc.tuple(part(40), part(40), part(10)),
      print: ([file = 0n, offset = 0n, row = 0n]) => {
        const log = `mysql-bin-changelog.${file.toString().padStart(6, "0")}`;
        return `${log}:${offset}:${row - 1n}:${offset + 27n}:677883278264080:${log}:${offset}`;
      },
    },
  ],
  ["Oracle, SCN", "oracle", { parts: fc.tuple(part(60)), print: ([scn = 0n]) => scn.toString() }],
  [
    "Oracle, in full",
    "oracle",
    {
      parts: fc.tuple(part(64), part(32), part(16), part(8), part(16), part(32), part(32), part(16)),
      print: ([scn = 0n, ...p]) => {
        const [a = 0n, b = 0n, c = 0n, d = 0n, log = 0n, block = 0n, offset = 0n] = p;
        const halves = `${hex(scn >> 32n, 8)}.${hex(scn & 0xffff_ffffn, 8)}`;
        return `${halves}.${hex(a, 8)}.${hex(b, 4)}.${hex(c, 2)}.${hex(d, 4)}:${log}.${block}.${offset}`;
      },
    },
  ],
  [
    "SQL Server, as fn_dblog prints it",
    "sqlserver",
    {
      parts: fc.tuple(part(32), part(32), part(16)),
      print: ([a = 0n, b = 0n, c = 0n]) => `${hex(a, 8)}:${hex(b, 8)}:${hex(c, 4)}`,
    },
  ],
  [
    "SQL Server, 20 digits with counters",
    "sqlserver",
    {
      parts: fc.tuple(part(32), part(32), part(16), part(16), part(31)),
      print: ([a = 0n, b = 0n, c = 0n, d = 0n, e = 0n]) => `${hex(a, 8)}${hex(b, 8)}${hex(c, 4)}:${d}:${e}`,
    },
  ],
];

describe.each(FORMS)("The order of log positions: %s", (_name, engine, { parts, print }) => {
  it("is the numeric order of their parts", () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const order = comparePositions(
          parseLogPosition(engine, print(a)),
          parseLogPosition(engine, print(b)),
        );
        expect(Math.sign(order)).toBe(Math.sign(comparePositions(a, b)));
      }),
    );
  });

  it("is total: every position of the engine has as many parts", () => {
    const length = parseLogPosition(
      engine,
      fc.sample(parts, { numRuns: 1, seed: 1 }).map(print)[0] ?? "",
    ).length;
    fc.assert(
      fc.property(parts, (a) => {
        expect(parseLogPosition(engine, print(a))).toHaveLength(length);
      }),
    );
  });
});

describe("A log position", () => {
  it.each([
    ["postgresql", ["", "0", "0/", "00000002/7C007178.3", "mysql-bin.000001:4", "G/1", "0/123456789"]],
    [
      "mysql",
      ["", "mysql-bin", "mysql-bin.1", "mysql-bin.x:4", "0/16B3748", "mysql-bin.000001:-4", "a.1:2:x"],
    ],
    ["oracle", ["", "-1", "1.5", "0x12", "00000000.01ab5068", "00000000.01ab5068.1.0.2.0:88.67945"]],
    ["sqlserver", ["", "00000025", "00000025:00000170", "00000025:00000170:0003:x", "1:2:3", "28004456"]],
  ] as const)("of %s in another form is refused, since a guessed order could lose a row", (engine, texts) => {
    for (const text of texts) expect(() => parseLogPosition(engine, text)).toThrow(InvalidEventError);
  });

  it("is never guessed from any text whatever", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SOURCE_ENGINES), fc.string({ unit: "grapheme" }), (engine, text) => {
        let parsed: readonly bigint[] = [];
        try {
          parsed = parseLogPosition(engine, text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEventError);
          return;
        }
        expect(parsed.every((each) => each >= 0n)).toBe(true);
      }),
    );
  });
});
