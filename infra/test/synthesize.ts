// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import { createApp, parseLoaders, stackName, type LoaderDefinition } from "@ledger-loader/infra";

/** A synthesized stack: its template, and the folder of the assembly with its assets. */
export interface SynthesizedStack {
  readonly template: Template;
  readonly folder: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Synthesizes one loader, with real bundling and the AWS Solutions rules; files are looked for from `base` on. */
export function synthesize(loader: LoaderDefinition, base: string = __dirname): SynthesizedStack {
  return synthesizeAll([loader], base)[0]!;
}

/**
 * Synthesizes the loaders of one app, as {@link synthesize} does.
 *
 * @param validation Whether CDK validates the templates too, as `cdk` does: the start of its validator takes most of a second.
 */
export function synthesizeAll(
  loaders: readonly LoaderDefinition[],
  base: string = __dirname,
  validation: "validated" | "not validated" = "not validated",
): readonly SynthesizedStack[] {
  process.env["CDK_VALIDATION"] = String(validation === "validated");
  const folder = mkdtempSync(path.join(tmpdir(), "cdk-out-"));
  folders.push(folder);
  const parsed = parseLoaders({ loaders }, base);
  const assembly = createApp(parsed, { outdir: folder }).synth();
  return parsed.map(({ id }) => ({
    template: Template.fromJSON(assembly.getStackByName(stackName(id)).template as Record<string, unknown>),
    folder,
  }));
}

/** The properties of every resource of a type. */
export function propertiesOf(
  stack: SynthesizedStack,
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  const resources = stack.template.findResources(type) as Record<
    string,
    { Properties?: Record<string, unknown> }
  >;
  return Object.values(resources).map(({ Properties: properties = {} }) => properties);
}
