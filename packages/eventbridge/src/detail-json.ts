// SPDX-License-Identifier: MIT

/** A value that is still to be written, or text that is. */
type Part = string | { readonly value: unknown };

/**
 * Writes a parsed detail as JSON, however deep it is: `JSON.stringify` throws where the stack ends, and what is nested too
 * deep must be rejected and kept like any other malformed event.
 */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_name, each: unknown) => writable(each));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return writeWithoutStack(value);
  }
}

/** A number that was too large for a double is infinite, which JSON would write as null. */
function writable(value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function writeWithoutStack(root: unknown): string {
  const written: string[] = [];
  const open: Part[] = [{ value: root }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part === "string") written.push(part);
    else if (typeof part.value !== "object" || part.value === null)
      written.push(JSON.stringify(writable(part.value)));
    else for (const each of partsOf(part.value).reverse()) open.push(each);
  }
  return written.join("");
}

function partsOf(value: object): Part[] {
  const comma = (i: number): string => (i === 0 ? "" : ",");
  if (Array.isArray(value)) {
    return ["[", ...value.flatMap((each: unknown, i): Part[] => [comma(i), { value: each }]), "]"];
  }
  const fields = Object.entries(value).flatMap(([name, each], i): Part[] => [
    `${comma(i)}${JSON.stringify(name)}:`,
    { value: each },
  ]);
  return ["{", ...fields, "}"];
}
