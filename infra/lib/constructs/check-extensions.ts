// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import {
  type LoaderConfig,
  SETTINGS,
  WriterNotFoundError,
  makeWriter,
  parseConfig,
  parseIdFields,
  parseMasking,
  toEnvironment,
} from "@ledger-loader/core";
import { makeMapper, MapperNotFoundError, MappingFileLoadEventMapper } from "@ledger-loader/dms";
import { Token } from "aws-cdk-lib";
import { parseMappingFile } from "@ledger-loader/mapping";
import { loadSource } from "./bundle";
import { isMappingFile } from "./mapping-file";
import type { DmsValues } from "../parameters/dms-parameters";
import type { CommonValues } from "../parameters/function-parameters";
import { sourceName, type SourceExport } from "./source-export";

/**
 * Makes the user's writer and mapper, and reads masking and mapping file, as the function will at its cold start: so a wrong
 * file, a wrong name or a class that is neither is found before anything is deployed.
 */
export function checkExtensions(values: CommonValues, hasMaskingKey: boolean): readonly string[] {
  const { revisionWriter, mapping, maskingFile, tableIdFieldsFile, ...settings } = values;
  const { loadEventMapper, mappingFile } = values as Partial<DmsValues>;
  return [
    ...checkFile("mapping", isMappingFile(mapping) ? mapping : undefined, parseMappingFile),
    ...checkFile("maskingFile", maskingFile, (text) => parseMasking(text, hasMaskingKey)),
    ...checkFile("tableIdFieldsFile", tableIdFieldsFile, (text, file) => parseIdFields(text, file)),
    ...checkFile("mappingFile", mappingFile, (text) => new MappingFileLoadEventMapper(text)),
    ...check("revisionWriter", revisionWriter, "a RevisionWriter class", (exported, name) =>
      makeWriter(
        {
          ...parseConfig(toEnvironment(SETTINGS, { ledgerName: "any", ...knownOf(settings) })),
          revisionWriter: name,
        },
        exported,
      ),
    ),
    ...check("loadEventMapper", loadEventMapper, "a LoadEventMapper", (exported, name) =>
      makeMapper({ loadEventMapper: name }, exported),
    ),
  ];
}

/** The settings that are known before the stack is deployed, without those that only the deployment knows. */
function knownOf(settings: object): Partial<LoaderConfig> {
  const { maskingKeySecret: _, ...others } = settings as Partial<LoaderConfig>;
  return Object.fromEntries(Object.entries(others).filter(([, value]) => !Token.isUnresolved(value)));
}

/** Reads a file as the function will. */
function checkFile(
  parameter: string,
  file: string | undefined,
  parse: (text: string, file: string) => unknown,
): readonly string[] {
  if (file === undefined) return [];
  try {
    parse(readFileSync(file, "utf8"), file);
    return [];
  } catch (error) {
    return [`${parameter}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Loads a user's module and tries what it exports; what is built in needs no check. */
function check(
  parameter: string,
  source: SourceExport | string | undefined,
  expected: string,
  make: (exported: unknown, name: string) => unknown,
): readonly string[] {
  if (typeof source !== "object") return [];
  try {
    const loaded = loadSource(source.entry);
    if (!(source.export in loaded)) {
      const names = Object.keys(loaded).filter((name) => name !== "__esModule");
      const found = names.length === 0 ? "no exports" : `the exports ${names.join(", ")}`;
      return [
        `${parameter}: expected ${source.entry} to export ${expected} named ${source.export}, found ${found}`,
      ];
    }
    make(loaded[source.export], sourceName(source));
    return [];
  } catch (error) {
    const place = `${parameter}: expected ${expected} named ${source.export} in ${source.entry}`;
    // Their messages are for those who set the environment by hand.
    if (error instanceof WriterNotFoundError || error instanceof MapperNotFoundError) {
      return [`${place}, found ${error.found}`];
    }
    return [`${place}. ${error instanceof Error ? error.message : String(error)}`];
  }
}
