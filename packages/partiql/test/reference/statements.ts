// SPDX-License-Identifier: MIT

/** Values of every type, each once as it is and some once more in another form. */
const operands = [
  "MISSING",
  "NULL",
  "`null.int`",
  "TRUE",
  "0",
  "1",
  "2.50",
  "`1e0`",
  "`nan`",
  "'a'",
  "`sym`",
  "`2020-02-29T`",
  "`2020-02-29T12:30:05.250-08:00`",
  '`{{"clob"}}`',
  "`{{AAEC}}`",
  "[1, 2]",
  "`(1 2)`",
  "<< 1, 2 >>",
  "{'a': 1}",
] as const;

const binaryOperators = [
  "=",
  "<>",
  "<",
  ">=",
  "+",
  "-",
  "*",
  "/",
  "%",
  "||",
  "AND",
  "OR",
  "IN",
  "LIKE",
] as const;

const types = [
  "BOOL",
  "INT",
  "DECIMAL",
  "FLOAT",
  "STRING",
  "SYMBOL",
  "TIMESTAMP",
  "BLOB",
  "CLOB",
  "LIST",
  "SEXP",
  "STRUCT",
  "BAG",
];

const castable = [
  "'12'",
  "' 12 '",
  "'1.5'",
  "'1e3'",
  "'0x1F'",
  "'abc'",
  "'true'",
  "'TRUE'",
  "'2020-02-29T'",
  "'2020-02-30T'",
  "1.9",
  "-1.9",
  "1e30",
];

/** Calls of functions, with arguments of the right and of other types. */
const calls = [
  ...["CHAR_LENGTH", "CHARACTER_LENGTH", "UPPER", "LOWER", "TRIM", "SIZE", "EXISTS"].flatMap((name) =>
    operands.map((operand) => `${name}(${operand})`),
  ),
  ...["1", "0", "-1", "2", "10"].flatMap((start) => [
    `SUBSTRING('abcde', ${start})`,
    ...["0", "1", "3", "10"].map((length) => `SUBSTRING('abcde' FROM ${start} FOR ${length})`),
  ]),
  ...[
    "SUBSTRING('abc', NULL)",
    "SUBSTRING(NULL, 1)",
    "SUBSTRING('abc', 1, -1)",
    "SUBSTRING('abc', 'a')",
    "SUBSTRING(5, 1)",
  ],
  ...["LEADING", "TRAILING", "BOTH"].flatMap((side) => [
    `TRIM(${side} FROM '  a b  ')`,
    `TRIM(${side} 'xy' FROM 'xyabcyx')`,
    `TRIM(${side} NULL FROM 'a')`,
  ]),
  ...operands.flatMap((operand) => [
    `COALESCE(NULL, MISSING, ${operand})`,
    `NULLIF(${operand}, 1)`,
    `NULLIF(1, ${operand})`,
    `${operand} IS NULL`,
    `${operand} IS MISSING`,
    `${operand} IS NOT NULL`,
    `NOT ${operand}`,
    `- ${operand}`,
    `+ ${operand}`,
    `${operand} BETWEEN 0 AND 2`,
    `1 BETWEEN ${operand} AND 2`,
    `${operand} NOT IN (1, NULL)`,
    `[${operand}, ${operand}]`,
    `{'f': ${operand}}`,
    `${operand}.a`,
    `${operand}[0]`,
    `${operand}['a']`,
  ]),
];

const times = [
  "`2020T`",
  "`2020-02T`",
  "`2020-02-29T`",
  "`2020-02-29T12:30Z`",
  "`2020-02-29T12:30:05.250-08:00`",
  "`2020-12-31T23:59:59.999-00:00`",
];
const parts = ["year", "month", "day", "hour", "minute", "second"];
const formats = [
  "yyyy-MM-dd",
  "y-M-d",
  "yy",
  "MMM d, y",
  "MMMM",
  "H:m:s",
  "hh:mm a",
  "HH:mm:ss.SSS",
  "SSSSSSSSS",
  "n",
  "X",
  "XX",
  "XXX",
  "XXXX",
  "XXXXX",
  "x",
  "xxxx",
  "y-MM-dd''T''HH:mm:ssXXX",
  "d''th''",
  "''at'' H",
  "Q",
  "",
];

const timeCalls = [
  ...times.flatMap((time) => [
    ...parts.flatMap((part) => [
      `EXTRACT(${part} FROM ${time})`,
      `DATE_ADD(${part}, 1, ${time})`,
      `DATE_ADD(${part}, -13, ${time})`,
      `DATE_DIFF(${part}, ${time}, \`2021-03-01T00:00:00Z\`)`,
    ]),
    `EXTRACT(timezone_hour FROM ${time})`,
    `EXTRACT(timezone_minute FROM ${time})`,
    ...formats.map((format) => `TO_STRING(${time}, '${format}')`),
  ]),
  ...["NULL", "MISSING", "1", "'2020'", "`null.timestamp`"].flatMap((other) => [
    `EXTRACT(year FROM ${other})`,
    `DATE_ADD(year, 1, ${other})`,
    `DATE_ADD(year, ${other}, \`2020T\`)`,
    `DATE_DIFF(year, ${other}, \`2020T\`)`,
    `TO_STRING(${other}, 'y')`,
    `TO_TIMESTAMP(${other})`,
    `TO_TIMESTAMP(${other}, 'y')`,
  ]),
  ...[
    "'2020T'",
    "'2020-02-29T12:30Z'",
    "'2020-13T'",
    "'x'",
    "'02-2016', 'MM-yyyy'",
    "'2016', 'yyyy'",
    "'1969-07-20', 'yyyy-MM-dd'",
    "'July 20, 1969', 'MMMM d, y'",
    "'1969-07-20 20:18:05', 'yyyy-MM-dd HH:mm:ss'",
    "'1969-07-20 8:18 PM', 'yyyy-MM-dd h:mm a'",
    "'1969-07-20 20:18+07', 'yyyy-MM-dd HH:mmX'",
    "'1969-07-20 20:18+0730', 'yyyy-MM-dd HH:mmXX'",
    "'1969-07-20 20:18+07:30', 'yyyy-MM-dd HH:mmXXX'",
    "'69', 'yy'",
    "'70', 'yy'",
    "'1969-02-30', 'yyyy-MM-dd'",
    "'1969-7-5', 'yyyy-MM-dd'",
    "'1969-07-20T20:18', 'yyyy-MM-dd''T''HH:mm'",
  ].map((args) => `TO_TIMESTAMP(${args})`),
];

/** Patterns beside texts. */
const likes = ["'%'", "'_'", "'a%'", "'%c'", "'a_c'", "'a\\%'", "''", "'A%'", "'%b%'"].flatMap((pattern) =>
  ["'abc'", "'a%'", "''", "'b'"].flatMap((text) => [
    `${text} LIKE ${pattern}`,
    `${text} LIKE ${pattern} ESCAPE '\\'`,
  ]),
);

/** Whole queries over literals. */
const queries = [
  "SELECT * FROM << {'a': 1, 'b': 2}, {'a': 3} >> AS r",
  "SELECT r.* FROM << {'a': 1, 'b': 2} >> AS r",
  "SELECT * FROM << {'a': 1} >> AS r, << {'b': 2}, {'a': 3} >> AS s",
  "SELECT * FROM << 1, 2 >> AS r",
  "SELECT r FROM << 1, 2 >> AS r",
  "SELECT r, 1 + 1, r + 1 AS q FROM << 1 >> AS r",
  "SELECT a FROM << {'a': 1}, {'b': 2} >> AS r",
  "SELECT r.a AS a, r.b AS a FROM << {'a': 1, 'b': 2} >> AS r",
  "SELECT i, r FROM [10, 20] AS r AT i",
  "SELECT i, r FROM << 10 >> AS r AT i",
  "SELECT * FROM [10, 20] AS r AT i",
  "SELECT VALUE r FROM << MISSING, NULL, 1 >> AS r",
  "SELECT VALUE r.a FROM << {}, {'a': NULL}, {'a': 1} >> AS r",
  "SELECT VALUE x FROM << {'l': [1, 2]}, {'l': 3}, {'l': NULL}, {} >> AS r, r.l AS x",
  "SELECT VALUE x FROM << {'l': [1, 2]} >> AS r, @r.l AS x",
  "SELECT VALUE r FROM NULL AS r",
  "SELECT VALUE r FROM MISSING AS r",
  "SELECT VALUE r FROM 5 AS r",
  "SELECT VALUE r FROM {'a': 1} AS r",
  "SELECT VALUE r FROM `(1 2)` AS r",
  "SELECT VALUE r FROM << 1, 2, 3 >> AS r WHERE r > 1",
  "SELECT VALUE r FROM << 1, NULL, 3 >> AS r WHERE NOT (r > 1)",
  "SELECT VALUE r FROM << 1, MISSING, 3 >> AS r WHERE r > 1 OR r = 1",
  "SELECT VALUE r FROM << 1, 'a' >> AS r WHERE r = 1",
  "SELECT VALUE r FROM << 1, 'a' >> AS r WHERE r > 0",
  "SELECT VALUE r FROM << 1 >> AS r WHERE NULL",
  "SELECT VALUE r FROM << 1 >> AS r WHERE MISSING",
  "SELECT VALUE r FROM << 1 >> AS r WHERE 1",
  "SELECT VALUE {'r': r, 's': s} FROM << 1, 2 >> AS r JOIN << 2, 3 >> AS s ON r = s",
  "SELECT VALUE {'r': r, 's': s} FROM << 1, 2 >> AS r INNER JOIN << 2, 3 >> AS s ON r < s",
  "SELECT VALUE {'r': r, 's': s} FROM << 1, 2 >> AS r LEFT JOIN << 2, 3 >> AS s ON r = s",
  "SELECT VALUE {'r': r, 's': s} FROM << 1 >> AS r CROSS JOIN << 2, 3 >> AS s",
  ...["COUNT", "SUM", "AVG", "MIN", "MAX"].flatMap((name) =>
    [
      "<< 1, 2, 4 >>",
      "<< 1, 2.50, NULL >>",
      "<< `1e0`, 2 >>",
      "<< >>",
      "<< NULL, MISSING >>",
      "<< 'b', 'a' >>",
      "<< 1, 'a' >>",
      "<< TRUE, FALSE >>",
    ].map((bag) => `SELECT ${name}(r) AS v FROM ${bag} AS r`),
  ),
  "SELECT COUNT(*) AS n FROM << 1, NULL, MISSING >> AS r",
  "SELECT COUNT(*), SUM(r) FROM << 1, 2 >> AS r",
  "SELECT COUNT(*) AS n, MAX(r) - MIN(r) AS d FROM << 1, 5 >> AS r",
  "SELECT r.k, (SELECT VALUE x FROM r.l AS x WHERE x > 1) AS l FROM << {'k': 1, 'l': [1, 2, 3]} >> AS r",
  "SELECT VALUE (SELECT COUNT(*) AS n FROM r.l AS x) FROM << {'l': [1, 2, 3]} >> AS r",
  "SELECT VALUE r FROM << [1, 2], [3] >> AS r WHERE 2 IN r",
  "SELECT VALUE r FROM << [1, 2], [3] >> AS r WHERE EXISTS (SELECT x FROM r AS x WHERE x = 3)",
  "SELECT VALUE r FROM (SELECT VALUE x + 1 FROM << 1, 2 >> AS x) AS r",
];

const wrap = (expression: string): string => `SELECT VALUE {'v': ${expression}} FROM << 0 >> AS zero`;

/** What the ledger and the reference implementation of PartiQL are both asked, a statement a line, each once. */
export const referenceStatements: readonly string[] = [
  ...new Set([
    ...binaryOperators.flatMap((operator) =>
      operands.flatMap((left) => operands.map((right) => wrap(`${left} ${operator} ${right}`))),
    ),
    ...types.flatMap((type) =>
      operands.flatMap((operand) => [wrap(`${operand} IS ${type}`), wrap(`CAST(${operand} AS ${type})`)]),
    ),
    ...types.flatMap((type) => castable.map((operand) => wrap(`CAST(${operand} AS ${type})`))),
    ...[...calls, ...timeCalls, ...likes].map(wrap),
    ...queries,
  ]),
];
