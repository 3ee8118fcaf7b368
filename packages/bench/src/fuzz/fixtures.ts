// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = join(__dirname, "..", "..", "..", "..", "packages");

/** A file of a package's test folder. */
export function readFixture(packageName: string, file: string): Buffer {
  return readFileSync(join(PACKAGES, packageName, "test", file));
}

/** A JSON file of a package's test folder: a list of samples, each with the record that is delivered. */
export function readRecords(packageName: string, file: string): readonly Buffer[] {
  const list = JSON.parse(readFixture(packageName, file).toString()) as readonly {
    readonly record: unknown;
  }[];
  return list.map(({ record }) => Buffer.from(JSON.stringify(record)));
}

/** Published samples of Amazon QLDB, in Ion text. */
export const QLDB_VALUES: readonly string[] = [
  "aws-cli/block.ion",
  "revisions/inv01-v1.ion",
  "revisions/kvs-429.ion",
  "streams-dmv/block-summary.ion",
  "streams-dmv/revision-details.ion",
  "unverified/documents-statements-index.ion",
];

/** One of the published samples. */
export function readVector(file: string): Buffer {
  return readFixture("journal", join("fixtures", "vectors", file));
}
