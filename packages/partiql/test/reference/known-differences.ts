// SPDX-License-Identifier: MIT

/** Where the ledger answers otherwise than the reference implementation, and why. */
export interface KnownDifference {
  readonly because: string;
  readonly statements: RegExp;
}

/** Each must be met by a statement, so that none outlives its reason. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    because: "a bag is a list",
    statements:
      /(?:\[1, 2\] (?:=|<>) << 1, 2 >>|<< 1, 2 >> (?:=|<>) \[1, 2\]|<< 1, 2 >>\[0\]|IS (?:BAG|LIST)|<< 10 >> AS r AT i)/,
  },
  { because: "lists, S-expressions and structs have no order", statements: /(.+) (?:<|>=) \1\}/ },
  { because: "the remainder of decimals has as many digits as its operands", statements: / % / },
  { because: "QLDB: text other than 'true' casts to false", statements: /CAST\(.* AS BOOL\)/ },
  { because: "ints have any size", statements: /CAST\(1e30 AS INT\)/ },
  {
    because: "QLDB: TRIM takes LEADING, TRAILING and BOTH in capitals, and characters",
    statements: /TRIM\((?:LEADING|TRAILING|BOTH)/,
  },
  { because: "NULL and MISSING make BETWEEN unknown", statements: /BETWEEN/ },
  { because: "every typed null is NULL", statements: /[-+] `null\.int`/ },
  { because: "QLDB: EXTRACT gives an int", statements: /EXTRACT/ },
  { because: "days that do not exist are refused", statements: /1969-02-30/ },
  { because: "only lists have indexes", statements: /\{'a': 1\}\[0\]/ },
  { because: "a name that no alias has is a field", statements: /^SELECT a FROM/ },
  {
    because: "NULL and MISSING have no elements, S-expressions have",
    statements: /(?:r\.l AS x$|FROM (?:NULL|MISSING|`\(1 2\)`) AS r)/,
  },
  {
    because: "MIN and MAX order text and booleans, too",
    statements: /(?:MIN|MAX)\(r\) AS v FROM << (?:'b'|TRUE)/,
  },
];
