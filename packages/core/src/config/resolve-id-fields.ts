// SPDX-License-Identifier: MIT
import type { LoaderConfig } from "./config";
import { parseIdFields } from "./parse-id-fields";
import { readSettingsFile } from "./read-settings-file";

/**
 * The configuration with the id fields of `TABLE_ID_FIELDS_FILE` as its `tableIdFields`, if that file is set. A writer of your
 * own is constructed with them too. A configuration without the file is returned as it is.
 *
 * @throws ConfigurationError if the file cannot be read, MappingError if it holds no id fields.
 */
export async function resolveIdFields(config: LoaderConfig): Promise<LoaderConfig> {
  const { tableIdFieldsFile: file } = config;
  if (file === undefined) return config;
  const text = await readSettingsFile("TABLE_ID_FIELDS_FILE", file);
  return { ...config, tableIdFields: parseIdFields(text, file), tableIdFieldsFile: undefined };
}
