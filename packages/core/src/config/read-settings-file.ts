// SPDX-License-Identifier: MIT
import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { ConfigurationError } from "../errors";

/**
 * Reads the text of a file that a setting names. A misread name would be another field or rule, so a file that is not UTF-8 is
 * refused.
 *
 * @param name - the setting, for the error.
 * @throws ConfigurationError if the file cannot be read or is not UTF-8.
 */
export async function readSettingsFile(name: string, path: string): Promise<string> {
  let content: Uint8Array;
  try {
    content = await readFile(path);
  } catch (error) {
    const { code = "an error" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${name}: expected a file that can be read at ${path}, found ${code}`]);
  }
  if (isUtf8(content)) return new TextDecoder().decode(content);
  const found = `expected ${path} as UTF-8, found another encoding: save the file as UTF-8`;
  throw new ConfigurationError([`${name}: ${found}`]);
}
