// SPDX-License-Identifier: MIT

/** A type with `undefined` taken out of its fields: those that had it may be absent instead. */
export type WithoutUndefined<T extends object> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * A copy without the fields that are `undefined`, for callees that tell an absent field from one without value: clients of
 * AWS and Kafka, wire formats, CDK constructs, and merges in which a later `undefined` would win.
 */
export function withoutUndefined<T extends object>(fields: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<T>;
}
