// SPDX-License-Identifier: MIT
import { createHmac } from "node:crypto";
import { dom, load } from "ion-js";
import { hashIonValue } from "@ledger-loader/ion";
import { createEvent } from "../event/create-event";
import { ALL_UNCHANGED } from "../event/event";
import { MaskingError } from "../errors";
import type { EventTransform } from "../event/event-transform";
import type { MaskingAction, MaskingConfig, MaskingRule } from "./masking-config";
import { toRecordId } from "../event/record-id";

/** The rules of a table by path: what is to be done here, and what beneath. */
interface RuleNode {
  action?: MaskingAction;
  readonly children: Map<string, RuleNode>;
}

const ANY = "*";

/**
 * Makes the transform that applies masking rules to every event, before it is judged and written.
 *
 * It is deterministic, so a redelivered event is recognized under the same rules and key; under others it is another
 * content. What a rule does not find is left alone if it is absent, but a value of another form than the rule expects
 * (a text where the rule names a field of a struct) rejects the event: nothing is written unmasked by mistake.
 *
 * @param key the secret for hashes; MUST be there if a rule hashes.
 */
export function createMasking(config: MaskingConfig, key: string | undefined): EventTransform {
  const tables = new Map(
    [...config].map(([table, { hashId, rules }]) => [table, { hashId, root: toTree(rules) }] as const),
  );
  const masker = new Masker(key ?? "");
  return (event) => {
    const rules = tables.get(event.table) ?? tables.get(ANY);
    if (rules === undefined) return event;
    const { id, data, unchanged, unchangedOf, ...rest } = event;
    const maskedId = (value: dom.Value | undefined): dom.Value | undefined =>
      value !== undefined && rules.hashId ? masker.hash(value) : value;
    return createEvent({
      ...rest,
      id: maskedId(id?.value),
      data: data && masker.maskStruct(data, rules.root, []),
      unchanged: unchanged?.flatMap((name) => maskedName(name, rules.root)),
      unchangedOf: maskedId(unchangedOf?.value),
    });
  };
}

/** The ledger's name of a field that was left out; nothing where it is dropped. */
function maskedName(name: string, root: RuleNode): readonly string[] {
  const action = (root.children.get(name) ?? root.children.get(ANY))?.action;
  if (name === ALL_UNCHANGED || action === undefined) return [name];
  if (action.action === "drop") return [];
  return [action.action === "rename" ? action.to : name];
}

function toTree(rules: readonly MaskingRule[]): RuleNode {
  const root: RuleNode = { children: new Map() };
  for (const { path, action } of rules) {
    let node = root;
    for (const name of path) {
      const child = node.children.get(name) ?? { children: new Map<string, RuleNode>() };
      node.children.set(name, child);
      node = child;
    }
    node.action = action;
  }
  return root;
}

class Masker {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /**
   * The keyed hash of a value; equal ids and values have equal ones, so that references still lead somewhere. A null
   * says nothing and stays one. Annotations are part of what is hidden.
   */
  hash(value: dom.Value): dom.Value {
    if (value.isNull()) return withoutAnnotations(value);
    const canonical = toRecordId(value)?.key ?? `ion:${Buffer.from(hashIonValue(value)).toString("base64")}`;
    return new dom.String(createHmac("sha256", this.#key).update(canonical).digest("base64url"));
  }

  /** @param path - where the struct is, as the rules name it. */
  maskStruct(struct: dom.Struct, node: RuleNode, path: readonly string[]): dom.Struct {
    const masked = new Map<string, dom.Value[]>();
    for (const [name, values] of struct.allFields()) {
      const named = node.children.get(name);
      const rule = named ?? node.children.get(ANY);
      // A name that a rule matches by `*` comes from the event, so it must not get into an error.
      const rulePath = [...path, named === undefined ? ANY : name];
      const action = rule?.action;
      const target = action?.action === "rename" ? action.to : name;
      const kept = rule === undefined ? values : values.flatMap((value) => this.#mask(value, rule, rulePath));
      if (kept.length === 0) continue;
      if (masked.has(target)) {
        throw new MaskingError(
          [...path, target].join("."),
          "free for the renamed field",
          "another field there",
        );
      }
      masked.set(target, kept);
    }
    return new dom.Struct([...masked], struct.getAnnotations());
  }

  /** The masked value; nothing where it is dropped. */
  #mask(value: dom.Value, rule: RuleNode, path: readonly string[]): readonly dom.Value[] {
    switch (rule.action?.action) {
      case "drop":
        return [];
      case "hash":
        return [this.hash(value)];
      case "replace":
        return [rule.action.value];
      case "rename":
      case undefined:
        return [rule.children.size === 0 ? value : this.#maskBeneath(value, rule, path)];
    }
  }

  #maskBeneath(value: dom.Value, rule: RuleNode, path: readonly string[]): dom.Value {
    if (value.isNull()) return value;
    if (value instanceof dom.Struct) return this.maskStruct(value, rule, path);
    const anyElement = rule.children.get(ANY);
    const isSequence = value instanceof dom.List || value instanceof dom.SExpression;
    // A rule that names a field does not reach into a list by itself: what it would have masked must not get through.
    if (!isSequence || anyElement === undefined || rule.children.size > 1) {
      throw new MaskingError(
        path.join("."),
        isSequence ? "a struct" : "a struct or list",
        `a ${value.getType().name}`,
      );
    }
    const elements = value.elements().flatMap((element) => this.#mask(element, anyElement, [...path, ANY]));
    return value instanceof dom.List
      ? new dom.List(elements, value.getAnnotations())
      : new dom.SExpression(elements, value.getAnnotations());
  }
}

function withoutAnnotations(value: dom.Value): dom.Value {
  return load(`null.${value.getType().name}`) ?? value;
}
