// SPDX-License-Identifier: MIT
import { compareKeys } from "./sorted-spill";

/** All items of one key on both sides; at least one of the lists has an item. */
export interface Joined<L, R> {
  readonly left: readonly L[];
  readonly right: readonly R[];
}

/** Walks through two streams that are sorted by the same key, and pairs their groups of equal key: a full outer join. */
export async function* joinGroups<K, L extends K, R extends K>(
  left: AsyncIterable<L>,
  right: AsyncIterable<R>,
  keyOf: (item: K) => string,
): AsyncGenerator<Joined<L, R>> {
  const lefts = groups(left, keyOf);
  const rights = groups(right, keyOf);
  let l = await nextOf(lefts);
  let r = await nextOf(rights);
  while (l !== undefined || r !== undefined) {
    const order = l === undefined ? 1 : r === undefined ? -1 : compareKeys(l.key, r.key);
    yield { left: order <= 0 ? (l?.items ?? []) : [], right: order >= 0 ? (r?.items ?? []) : [] };
    if (order <= 0) l = await nextOf(lefts);
    if (order >= 0) r = await nextOf(rights);
  }
}

interface Group<T> {
  readonly key: string;
  readonly items: readonly T[];
}

async function* groups<T>(items: AsyncIterable<T>, keyOf: (item: T) => string): AsyncGenerator<Group<T>> {
  let group: { key: string; items: T[] } | undefined;
  for await (const item of items) {
    const key = keyOf(item);
    if (group?.key === key) group.items.push(item);
    else {
      if (group !== undefined) yield group;
      group = { key, items: [item] };
    }
  }
  if (group !== undefined) yield group;
}

async function nextOf<T>(groups: AsyncGenerator<Group<T>>): Promise<Group<T> | undefined> {
  const next = await groups.next();
  return next.done === true ? undefined : next.value;
}
