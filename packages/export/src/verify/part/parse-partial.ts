// SPDX-License-Identifier: MIT
import { JsonShapeProblem } from "../../json/json-shape";
import { PartialError } from "./partial-error";
import { partialShape } from "./partial-shape";
import type { PartialVerification } from "./partial-verification";

/**
 * Reads a partial verification from its JSON.
 *
 * @param place - the file, for messages
 * @throws PartialError
 */
export function parsePartial(json: string, place: string): PartialVerification {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new PartialError(
      `Expected a partial verification in ${place}, found no JSON. Name a file that --partial wrote.`,
      { cause: error },
    );
  }
  try {
    return partialShape(value, "");
  } catch (error) {
    if (!(error instanceof JsonShapeProblem)) throw error;
    throw new PartialError(
      `Expected a partial verification in ${place}: ${error.message}. ` +
        "Name a file that --partial wrote, and make it again if it was changed.",
      { cause: error },
    );
  }
}
