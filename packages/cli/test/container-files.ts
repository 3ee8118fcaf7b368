// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

const ROOT = join(__dirname, "..", "..", "..");
const EXAMPLES = join(ROOT, "docs", "examples", "containers");

/** The folder that becomes `/opt/ledger-loader` of the image. */
export const CONTAINER: string = join(ROOT, "container");

/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The Dockerfile's instructions, continued lines joined, stage by stage: each begins with FROM. */
export function dockerStages(): readonly (readonly Instruction[])[] {
  const lines = readFileSync(join(ROOT, "Dockerfile"), "utf8")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: Instruction[][] = [[]];
  for (const line of lines) {
    const [, name = "", text = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, text });
  }
  return stages.slice(1);
}

/** The environment that the image sets. */
export function imageEnvironment(): Readonly<Record<string, string>> {
  const settings = dockerStages()
    .at(-1)
    ?.filter(({ name }) => name === "ENV")
    .flatMap(({ text }) => text.split(/\s+/).map((pair) => pair.split("=")));
  return Object.fromEntries(settings ?? []) as Record<string, string>;
}

/** A service of the Compose file, as far as the tests look at it. */
export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

/** The services of docs/examples/containers/compose.yaml. */
export function composeServices(): Readonly<Record<string, ComposeService>> {
  const text = readFileSync(join(EXAMPLES, "compose.yaml"), "utf8");
  return (parse(text, { merge: true }) as { services: Record<string, ComposeService> }).services;
}

/** A container of the example for Kubernetes. */
export interface PodContainer {
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly Readonly<Record<string, { readonly name: string }>>[];
  readonly livenessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
}

/** An object of Kubernetes, as far as the tests look at it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: object };
    readonly template?: {
      readonly metadata: { readonly labels: object };
      readonly spec: { readonly containers: readonly PodContainer[]; readonly securityContext: object };
    };
  };
}

/** The objects of docs/examples/containers/kubernetes.yaml. */
export function kubernetesObjects(): readonly KubernetesObject[] {
  const documents = parseAllDocuments(readFileSync(join(EXAMPLES, "kubernetes.yaml"), "utf8"));
  return documents.map((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    return document.toJS() as KubernetesObject;
  });
}

/** The service of systemd that runs a worker. */
export function workerUnit(): string {
  return readFileSync(join(EXAMPLES, "ledger-loader-worker.service"), "utf8");
}
