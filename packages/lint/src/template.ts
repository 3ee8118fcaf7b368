// SPDX-License-Identifier: MIT

/** An object of a template: properties by name, or one intrinsic function. */
export type Node = Readonly<Record<string, unknown>>;

/** A resource of a template. */
export interface Resource {
  /** Its logical id. */
  readonly id: string;
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  readonly properties: Node;
  /** The condition under which it is created. */
  readonly condition: string | undefined;
}

/** A CloudFormation template, as far as rules need it. */
export interface Template {
  readonly resources: readonly Resource[];
  /** The default of each parameter; `undefined` for a parameter without one. */
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly conditions: Node;
  /** True for a template with a macro, such as SAM's: its resources are not those that are created. */
  readonly isTransformed: boolean;
}

/** True if a value is an object of a template. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
