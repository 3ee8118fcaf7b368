// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";

const FOLDER = join(__dirname, "..", "schema");
const validators = new Map<string, ValidateFunction>();

/** The file of the schema that a command line's document must have. */
export function schemaFile(name: string): string {
  return join(FOLDER, `${name}.schema.json`);
}

/**
 * Checks what a command line with `--json` printed against the published schema of its command.
 *
 * @throws if it is not as the schema says, or if there is none
 */
export function checkDocument(words: readonly string[], printed: string): void {
  if (!words.includes("--json") || !printed.startsWith("{")) return;
  const document = JSON.parse(printed) as object;
  const name = Object.keys(document).join() === "error" ? "error" : commandOf(words);
  const validate = validators.get(name) ?? compile(name);
  if (validate(document)) return;
  const problems = validate.errors?.map((each) => `${each.instancePath} ${each.message ?? ""}`).join("; ");
  throw new Error(`The document of ${name} is not as its schema says: ${problems ?? ""}\n${printed}`);
}

function commandOf(words: readonly string[]): string {
  const pair = words.slice(0, 2).join("-");
  return existsSync(schemaFile(pair)) ? pair : (words[0] ?? "");
}

function compile(name: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(schemaFile(name), "utf8")) as object;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  validators.set(name, validate);
  return validate;
}
