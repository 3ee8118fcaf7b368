// SPDX-License-Identifier: MIT
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node as YamlNode } from "yaml";
import { TemplateError } from "./template-error";
import { isNode, type Node, type Resource, type Template } from "./template";

/**
 * Reads a CloudFormation template in JSON or YAML, with the short forms of intrinsic functions (`!Ref`, `!GetAtt`, …).
 *
 * @throws TemplateError if the text is no template.
 */
export function parseTemplate(text: string, name: string): Template {
  const root = parseText(text, name);
  const declared = isNode(root) ? root["Resources"] : undefined;
  if (!isNode(root) || !isNode(declared)) {
    throw new TemplateError(
      `expected a CloudFormation template in ${name}, found ${isNode(root) ? "no Resources" : "something else"}. Name the template itself`,
    );
  }
  return {
    resources: Object.entries(declared).map(([id, resource]) => toResource(id, resource, name)),
    parameters: new Map(
      Object.entries(nodeAt(root, "Parameters")).map(([id, each]) => [id, defaultOf(each)]),
    ),
    conditions: nodeAt(root, "Conditions"),
    isTransformed: root["Transform"] !== undefined,
  };
}

function parseText(text: string, name: string): unknown {
  // JSON is YAML too, but its own parser is stricter and many times faster.
  if (text.trimStart().startsWith("{")) return parseJson(text, name);
  const document = parseDocument(text, { logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const place = at === undefined ? "" : ` in line ${at.line}, column ${at.col}`;
    throw new TemplateError(`expected YAML in ${name}, found a mistake${place} (${error.code}). Correct it`);
  }
  return toValue(document.contents, document);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TemplateError(`expected JSON in ${name}, found a mistake. Correct it`, { cause });
  }
}

/** The value of a YAML node, with short forms written out. */
function toValue(node: unknown, document: Document): unknown {
  if (isAlias(node)) return toValue(node.resolve(document), document);
  if (isScalar(node)) return written(node, node.tag, scalarOf(node.value, node.source));
  if (isSeq(node)) {
    return written(
      node,
      node.tag,
      node.items.map((item) => toValue(item, document)),
    );
  }
  if (!isMap(node)) return node ?? undefined;
  const entries = node.items.map(({ key, value }): [string, unknown] => [
    String(isScalar(key) ? key.value : key),
    toValue(value, document),
  ]);
  return written(node, node.tag, Object.fromEntries(entries));
}

/** A date such as that of the format version stays the text that it is. */
function scalarOf(value: unknown, source: string | undefined): unknown {
  return value instanceof Date ? source : value;
}

/** `!GetAtt Queue.Arn` is `{"Fn::GetAtt": ["Queue", "Arn"]}`. */
function written(_: YamlNode, tag: string | undefined, value: unknown): unknown {
  if (tag === undefined || !/^!\w/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  return { [`Fn::${name}`]: value };
}

function toResource(id: string, resource: unknown, name: string): Resource {
  const type = isNode(resource) ? resource["Type"] : undefined;
  if (!isNode(resource) || typeof type !== "string") {
    throw new TemplateError(
      `expected a resource with a Type in ${name}, found ${id} without one. Correct the template`,
    );
  }
  const condition = resource["Condition"];
  return {
    id,
    type,
    properties: nodeAt(resource, "Properties"),
    condition: typeof condition === "string" ? condition : undefined,
  };
}

function defaultOf(parameter: unknown): unknown {
  return isNode(parameter) ? parameter["Default"] : undefined;
}

function nodeAt(parent: Node, name: string): Node {
  const value = parent[name];
  return isNode(value) ? value : {};
}
