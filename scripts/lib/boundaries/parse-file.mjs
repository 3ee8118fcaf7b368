// SPDX-License-Identifier: MIT
import { parseSync, Visitor } from "oxc-parser";

/**
 * What a file imports (by import, export from, import() and require, types too), and the lines of each of its functions and
 * methods that have a name.
 *
 * @throws Error for a file that cannot be parsed.
 */
export function parseFile(path, text) {
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const imports = new Set([
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ]);
  const functionLengths = [];
  const noteLines = ({ start, end, body, value }) => {
    if ((body ?? value?.body ?? null) !== null)
      functionLengths.push(text.slice(start, end).split("\n").length);
  };
  const noteText = (argument) => {
    if (argument?.type === "Literal" && typeof argument.value === "string") imports.add(argument.value);
  };
  new Visitor({
    FunctionDeclaration: noteLines,
    MethodDefinition: noteLines,
    Property: (property) => {
      if (property.method || property.kind !== "init") noteLines(property);
    },
    ImportExpression: ({ source }) => noteText(source),
    TSImportType: ({ source }) => noteText(source),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === "Identifier" && callee.name === "require") noteText(first);
    },
  }).visit(program);
  return { imports: [...imports], functionLengths };
}
