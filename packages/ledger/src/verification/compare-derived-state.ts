// SPDX-License-Identifier: MIT

/**
 * Compares what is stored with what follows from the journal; tells the first difference in each kind of row.
 *
 * Both sides MUST be in the same order, all rows of a kind together. A line begins with its kind.
 */
export async function* compareDerivedState(
  stored: AsyncIterable<string>,
  derived: AsyncIterable<string>,
): AsyncIterable<string> {
  const left = stored[Symbol.asyncIterator]();
  const right = derived[Symbol.asyncIterator]();
  let a = await nextLine(left);
  let b = await nextLine(right);
  while (a !== undefined || b !== undefined) {
    if (a === b) {
      a = await nextLine(left);
      b = await nextLine(right);
      continue;
    }
    const kind = firstKind(a, b);
    yield `In ${kind}, the first difference: stored is ${describe(a, kind)}, the journal gives ${describe(b, kind)}`;
    while (a !== undefined && kindOf(a) === kind) a = await nextLine(left);
    while (b !== undefined && kindOf(b) === kind) b = await nextLine(right);
  }
}

/** Where one side has come to the next kind, the difference is in the kind that the other still has rows of. */
function firstKind(a: string | undefined, b: string | undefined): string {
  if (a === undefined || b === undefined) return kindOf(a ?? b ?? "");
  return order.indexOf(kindOf(a)) <= order.indexOf(kindOf(b)) ? kindOf(a) : kindOf(b);
}

/** The kinds in the order in which storages render them. */
const order = ["tables", "indexes", "revisions", "index_entries", "merkle_nodes"];

function kindOf(line: string): string {
  return line.slice(0, line.indexOf(" "));
}

function describe(line: string | undefined, kind: string): string {
  return line === undefined || kindOf(line) !== kind ? "nothing more" : line.slice(kind.length + 1);
}

async function nextLine(lines: AsyncIterator<string>): Promise<string | undefined> {
  const result = await lines.next();
  return result.done === true ? undefined : result.value;
}
