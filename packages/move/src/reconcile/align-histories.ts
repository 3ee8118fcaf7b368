// SPDX-License-Identifier: MIT

/** One revision, reduced to what comparing needs. */
export interface Fingerprint {
  /** Its place in the history: the version, where nothing was merged or inserted anew. Only breaks ties. */
  readonly ordinal: number;
  /** Equal for equal content. */
  readonly content: string;
  /** Another content that it may be taken for: what it would be without the field that the loader added. */
  readonly alternative?: string;
}

/** One line of a comparison: what became of one revision. */
export type Alignment<S, T> =
  | { readonly kind: "same"; readonly source: S; readonly target: T }
  | { readonly kind: "altered"; readonly source: S; readonly target: T }
  | { readonly kind: "moved"; readonly source: S; readonly target: T }
  | { readonly kind: "missing"; readonly source: S }
  | { readonly kind: "extra"; readonly target: T };

/** Above this many pairs to compare, what the ends of two histories do not share is compared place by place. */
const PAIRS_MAX = 4_000_000;

/**
 * Compares two histories of one record and says what became of every revision, so that one removed revision is reported
 * as one removed revision, and not as a change of all that follow.
 *
 * The longest common subsequence stays `same`; of what is left, equal content elsewhere is `moved`, different content in
 * the same place is `altered`, and the rest is `missing` from the target or `extra` in it.
 */
export function alignHistories<S extends Fingerprint, T extends Fingerprint>(
  source: readonly S[],
  target: readonly T[],
): Alignment<S, T>[] {
  const matched = matchInOrder(source, target);
  const result: Alignment<S, T>[] = [];
  const leftSources: S[] = [];
  const leftTargets: T[] = [];
  let from = 0;
  let to = 0;
  for (const [i, j] of [...matched, [source.length, target.length] as const]) {
    const gap = pairByPlace(source.slice(from, i), target.slice(to, j));
    result.push(...gap.altered);
    leftSources.push(...gap.sources);
    leftTargets.push(...gap.targets);
    const [s, t] = [source[i], target[j]];
    if (s !== undefined && t !== undefined) result.push({ kind: "same", source: s, target: t });
    from = i + 1;
    to = j + 1;
  }
  return findMoved(result, leftSources, leftTargets);
}

/** The pairs of indexes that stay in order and are equal; among equally many, those with equal ordinals. */
function matchInOrder(
  source: readonly Fingerprint[],
  target: readonly Fingerprint[],
): (readonly [number, number])[] {
  let start = 0;
  while (isSameInPlace(source[start], target[start])) start += 1;
  let end = 0;
  while (
    end < Math.min(source.length, target.length) - start &&
    isSameInPlace(source[source.length - 1 - end], target[target.length - 1 - end])
  ) {
    end += 1;
  }
  const middle = longestCommon(
    source.slice(start, source.length - end),
    target.slice(start, target.length - end),
  );
  return [
    ...range(start).map((i) => [i, i] as const),
    ...middle.map(([i, j]) => [start + i, start + j] as const),
    ...range(end).map((i) => [source.length - end + i, target.length - end + i] as const),
  ];
}

function isSameInPlace(a: Fingerprint | undefined, b: Fingerprint | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.ordinal === b.ordinal && isEqual(a, b);
}

function isEqual(source: Fingerprint, target: Fingerprint): boolean {
  return source.content === target.content || source.content === target.alternative;
}

/** Outweighs all ordinals together: within {@link PAIRS_MAX}, fewer than 2,001 revisions can match. */
const EQUAL_CONTENT = 0x1_0000;

/** The classic table, in which equal content counts, and an equal ordinal only between matches that are as many. */
function longestCommon(
  source: readonly Fingerprint[],
  target: readonly Fingerprint[],
): (readonly [number, number])[] {
  const width = target.length + 1;
  if (source.length * target.length > PAIRS_MAX) return matchPlaceByPlace(source, target);
  const best = new Uint32Array((source.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  const taken = (i: number, j: number): number => {
    const [s, t] = [source[i], target[j]];
    if (s === undefined || t === undefined || !isEqual(s, t)) return 0;
    return at(i + 1, j + 1) + EQUAL_CONTENT + (s.ordinal === t.ordinal ? 1 : 0);
  };
  for (let i = source.length - 1; i >= 0; i--) {
    for (let j = target.length - 1; j >= 0; j--) {
      best[i * width + j] = Math.max(taken(i, j), at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < source.length && j < target.length;) {
    if (taken(i, j) === at(i, j) && taken(i, j) > 0) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

function matchPlaceByPlace(
  source: readonly Fingerprint[],
  target: readonly Fingerprint[],
): (readonly [number, number])[] {
  return source.flatMap((s, i) => {
    const t = target[i];
    return t !== undefined && isEqual(s, t) ? [[i, i] as const] : [];
  });
}

/** Between two matches: what stands in the same place on both sides was altered; the rest is left over. */
function pairByPlace<S extends Fingerprint, T extends Fingerprint>(
  sources: readonly S[],
  targets: readonly T[],
): { altered: Alignment<S, T>[]; sources: S[]; targets: T[] } {
  const byOrdinal = new Map(targets.map((target) => [target.ordinal, target]));
  const altered: Alignment<S, T>[] = [];
  const left: S[] = [];
  for (const source of sources) {
    const target = byOrdinal.get(source.ordinal);
    if (target === undefined) left.push(source);
    else {
      altered.push({ kind: "altered", source, target });
      byOrdinal.delete(source.ordinal);
    }
  }
  return {
    altered,
    sources: left,
    targets: targets.filter((target) => byOrdinal.get(target.ordinal) === target),
  };
}

/** Among all that does not stand where it should, finds what only stands elsewhere. */
function findMoved<S extends Fingerprint, T extends Fingerprint>(
  aligned: readonly Alignment<S, T>[],
  leftSources: readonly S[],
  leftTargets: readonly T[],
): Alignment<S, T>[] {
  const altered = aligned.filter((a) => a.kind === "altered");
  const sources = new Set([...altered.map((a) => a.source), ...leftSources]);
  const targets = new Set([...altered.map((a) => a.target), ...leftTargets]);
  const result: Alignment<S, T>[] = aligned.filter((a) => a.kind !== "altered");
  for (const source of [...sources]) {
    const target = [...targets].find((candidate) => isEqual(source, candidate));
    if (target === undefined) continue;
    result.push({ kind: "moved", source, target });
    sources.delete(source);
    targets.delete(target);
  }
  // What was paired by place, and not found to have moved on either side, is altered; the rest stands alone.
  for (const { source, target } of altered) {
    if (!sources.has(source) || !targets.has(target)) continue;
    result.push({ kind: "altered", source, target });
    sources.delete(source);
    targets.delete(target);
  }
  for (const source of sources) result.push({ kind: "missing", source });
  for (const target of targets) result.push({ kind: "extra", target });
  return result.sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf(alignment: Alignment<Fingerprint, Fingerprint>): number {
  return alignment.kind === "extra" ? alignment.target.ordinal : alignment.source.ordinal;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
