// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IonSlice, readSingleValue, transcodeToBinary } from "@ledger-loader/ion";

const FOLDER = join(__dirname, "fixtures", "vectors");

/** The checks of one of the published samples. */
export interface VectorCheck {
  readonly type: "block" | "revision" | "statement" | "proof" | "hashes" | "stmtlist";
  readonly file: string;
  readonly at?: readonly (string | number)[];
  readonly statement?: number;
  readonly start?: string;
  readonly digest?: string;
  readonly seq?: number;
  readonly tip?: number;
  readonly what?: "block" | "revision";
  readonly block?: string;
}

/** Every check of `vectors/index.json`, with the id of the sample it belongs to. */
export function vectorChecks(
  type: VectorCheck["type"],
): { readonly id: string; readonly check: VectorCheck }[] {
  const index = JSON.parse(readVector("index.json")) as {
    vectors: { id: string; checks: VectorCheck[] }[];
  };
  return index.vectors.flatMap(({ id, checks }) =>
    checks.filter((check) => check.type === type).map((check) => ({ id, check })),
  );
}

export function readVector(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

/** The value of a sample at a path. */
export function vectorValue(file: string, at: readonly (string | number)[] = []): IonSlice {
  let value = readSingleValue(transcodeToBinary(readVector(file)));
  for (const step of at) value = (typeof step === "number" ? value.elements()[step] : value.field(step))!;
  return value;
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
