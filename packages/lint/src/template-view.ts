// SPDX-License-Identifier: MIT
import { isNode, type Node, type Resource, type Template } from "./template";

/** A value that a property can have. */
export type Value =
  | { readonly kind: "absent" }
  | { readonly kind: "literal"; readonly value: unknown }
  /** A resource of the template. */
  | { readonly kind: "reference"; readonly id: string }
  /** A value that only the deployment knows. */
  | { readonly kind: "unknown" };

const ABSENT: Value = { kind: "absent" };
const UNKNOWN: Value = { kind: "unknown" };

/**
 * A template as rules look at it: each property with all values that it can have.
 *
 * A parameter has the value that was given, or its default. A choice whose condition depends on a parameter that was not given
 * counts with both branches.
 */
export class TemplateView {
  readonly resources: readonly Resource[];
  readonly #template: Template;
  readonly #given: ReadonlyMap<string, string>;
  readonly #byId: ReadonlyMap<string, Resource>;

  constructor(template: Template, given: ReadonlyMap<string, string>) {
    this.#template = template;
    this.#given = given;
    this.resources = template.resources.filter(
      ({ condition }) => condition === undefined || this.#conditionNamed(condition) !== false,
    );
    this.#byId = new Map(this.resources.map((resource) => [resource.id, resource]));
  }

  ofType(...types: readonly string[]): readonly Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The values that a property can have; `path` as in `RedrivePolicy.maxReceiveCount`. */
  values(resource: Resource, path: string): readonly Value[] {
    return this.valuesIn(resource.properties, path);
  }

  /** The same for an object within a resource, such as the target of a rule. */
  valuesIn(node: unknown, path: string): readonly Value[] {
    return path
      .split(".")
      .reduce<readonly Value[]>(
        (values, name) => values.flatMap((value) => this.#step(value, name)),
        this.#possible(node),
      );
  }

  /** The elements that a list can have. */
  items(resource: Resource, path: string): readonly unknown[] {
    return this.values(resource, path)
      .flatMap((value): readonly unknown[] =>
        value.kind === "literal" && Array.isArray(value.value) ? value.value : [],
      )
      .flatMap((item) => this.#possible(item))
      .flatMap((value) => (value.kind === "literal" ? [value.value] : []));
  }

  /** The resources of some types that a part of the template names, in whatever form. */
  named(node: unknown, ...types: readonly string[]): readonly Resource[] {
    const found = new Set<Resource>();
    for (const id of this.#references(node)) {
      const resource = this.#byId.get(id);
      if (resource !== undefined && types.includes(resource.type)) found.add(resource);
    }
    return [...found];
  }

  /** All texts in a part of the template, those of its parameters among them. */
  texts(node: unknown): readonly string[] {
    if (typeof node === "string") return [node];
    if (Array.isArray(node)) return node.flatMap((each: unknown) => this.texts(each));
    if (!isNode(node)) return [];
    const known = typeof node["Ref"] === "string" ? this.#parameter(node["Ref"]) : undefined;
    if (known !== undefined) return [textOf(known)];
    return Object.values(node).flatMap((each) => this.texts(each));
  }

  #step(value: Value, name: string): readonly Value[] {
    if (value.kind !== "literal") return [value.kind === "absent" ? ABSENT : UNKNOWN];
    const object = typeof value.value === "string" ? parseObject(value.value) : value.value;
    return isNode(object) ? this.#possible(object[name]) : [ABSENT];
  }

  #possible(node: unknown): readonly Value[] {
    if (node === undefined || node === null) return [ABSENT];
    const call = intrinsic(node);
    if (call === undefined) return [{ kind: "literal", value: node }];
    const { name, argument } = call;
    if (name === "Ref") return [this.#referred(String(argument))];
    if (name === "Fn::GetAtt") return [{ kind: "reference", id: attributeOwner(argument) }];
    if (name === "Fn::If" && Array.isArray(argument)) return this.#branches(argument);
    return [UNKNOWN];
  }

  #referred(name: string): Value {
    if (name === "AWS::NoValue") return ABSENT;
    if (this.#byId.has(name)) return { kind: "reference", id: name };
    const value = this.#parameter(name);
    return value === undefined ? UNKNOWN : { kind: "literal", value };
  }

  #branches([condition, then, otherwise]: readonly unknown[]): readonly Value[] {
    const isMet = this.#conditionNamed(String(condition));
    return [
      ...(isMet === false ? [] : this.#possible(then)),
      ...(isMet === true ? [] : this.#possible(otherwise)),
    ];
  }

  #parameter(name: string): unknown {
    return this.#given.get(name) ?? this.#template.parameters.get(name);
  }

  #references(node: unknown): readonly string[] {
    if (Array.isArray(node)) return node.flatMap((each: unknown) => this.#references(each));
    const call = intrinsic(node);
    if (call?.name === "Ref") return [String(call.argument)];
    if (call?.name === "Fn::GetAtt") return [attributeOwner(call.argument)];
    if (call?.name === "Fn::Sub") return [...substituted(call.argument), ...this.#nested(call.argument)];
    if (call?.name === "Fn::If" && Array.isArray(call.argument)) {
      const [condition, then, otherwise] = call.argument as readonly unknown[];
      const isMet = this.#conditionNamed(String(condition));
      return [
        ...(isMet === false ? [] : this.#references(then)),
        ...(isMet === true ? [] : this.#references(otherwise)),
      ];
    }
    return this.#nested(node);
  }

  #nested(node: unknown): readonly string[] {
    if (Array.isArray(node)) return node.flatMap((each: unknown) => this.#references(each));
    return isNode(node) ? Object.values(node).flatMap((each) => this.#references(each)) : [];
  }

  /** `undefined` where it depends on a parameter that was not given. */
  #conditionNamed(name: string): boolean | undefined {
    return this.#condition(this.#template.conditions[name]);
  }

  #condition(node: unknown): boolean | undefined {
    const call = intrinsic(node);
    if (call === undefined) return undefined;
    if (call.name === "Condition") return this.#conditionNamed(String(call.argument));
    const parts: readonly unknown[] = Array.isArray(call.argument) ? call.argument : [];
    if (call.name === "Fn::Equals") return this.#equal(parts);
    const met = parts.map((part) => this.#condition(part));
    if (call.name === "Fn::Not") return met[0] === undefined ? undefined : !met[0];
    if (call.name === "Fn::And") return met.includes(false) ? false : allKnown(met, true);
    if (call.name === "Fn::Or") return met.includes(true) ? true : allKnown(met, false);
    return undefined;
  }

  #equal(parts: readonly unknown[]): boolean | undefined {
    const [left, right] = parts.map((part) => this.#given.get(refOf(part) ?? "") ?? part);
    return isNode(left) || isNode(right) ? undefined : String(left) === String(right);
  }
}

/** The intrinsic function that an object is, if it is one. */
function intrinsic(node: unknown): { readonly name: string; readonly argument: unknown } | undefined {
  if (!isNode(node)) return undefined;
  const [[name, argument] = ["", undefined], ...others] = Object.entries(node);
  const isCall = others.length === 0 && (name === "Ref" || name === "Condition" || name.startsWith("Fn::"));
  return isCall ? { name, argument } : undefined;
}

function refOf(node: unknown): string | undefined {
  const call = intrinsic(node);
  return call?.name === "Ref" ? String(call.argument) : undefined;
}

function attributeOwner(argument: unknown): string {
  const [id = ""] = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
  return String(id).split(".")[0] ?? "";
}

/** The names in `${Name}` and `${Name.Attribute}`. */
function substituted(argument: unknown): readonly string[] {
  const [text = ""] = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
  return [...String(text).matchAll(/\$\{([\w:]+)(?:\.[\w.]+)?\}/g)].map(([, name = ""]) => name);
}

function allKnown(met: readonly (boolean | undefined)[], value: boolean): boolean | undefined {
  return met.includes(undefined) ? undefined : value;
}

/** Some properties hold JSON as a text. */
function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON, so nothing is in it.
    return undefined;
  }
}

/** Numbers that a property can have; `otherwise` is what AWS takes for an absent one. What is unknown has none. */
export function numbers(values: readonly Value[], otherwise?: number): readonly number[] {
  return values.flatMap((value) => {
    if (value.kind === "absent") return otherwise === undefined ? [] : [otherwise];
    const number = value.kind === "literal" ? Number(value.value) : NaN;
    return Number.isNaN(number) ? [] : [number];
  });
}

/** True if a property may be missing. */
export function mayBeAbsent(values: readonly Value[]): boolean {
  return values.some(({ kind }) => kind === "absent");
}

/** True if a flag may be off: absent flags are off, unless AWS takes them for on. What is unknown is not taken for off. */
export function mayBeOff(values: readonly Value[]): boolean {
  return values.some(
    (value) => value.kind === "absent" || (value.kind === "literal" && !isTrue(value.value)),
  );
}

/** True if a flag may be on. */
export function mayBeOn(values: readonly Value[]): boolean {
  return values.some((value) => value.kind === "literal" && isTrue(value.value));
}

function isTrue(value: unknown): boolean {
  return value === true || /^(true|yes|on)$/i.test(String(value));
}

/** Values as a finding shows them. */
export function shown(values: readonly Value[], otherwise = "not set"): string {
  const texts = values.map((value) => {
    if (value.kind === "literal") return textOf(value.value);
    if (value.kind === "reference") return value.id;
    return value.kind === "absent" ? otherwise : "known at deployment only";
  });
  return [...new Set(texts)].join(" or ");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** True if an object of a template is a plain one. */
export function asNode(value: unknown): Node {
  return isNode(value) ? value : {};
}
