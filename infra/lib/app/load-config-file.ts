// SPDX-License-Identifier: MIT
import { existsSync } from "node:fs";
import path from "node:path";
import { loadSource } from "../constructs/bundle";
import { DeploymentConfigError } from "../infra-errors";
import { parseLoaders, type ParsedLoader } from "./parse-loaders";

/**
 * Reads a `loader.config.ts`.
 *
 * @throws DeploymentConfigError naming every problem at once; BundleError if the file does not compile or run.
 */
export function loadConfigFile(file: string): readonly ParsedLoader[] {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new DeploymentConfigError([
      `the configuration: expected a file, found none at ${absolute}. Write one, as docs/guides/deploy.md shows, or name another with --config, or with LOADER_CONFIG where you run cdk yourself`,
    ]);
  }
  return parseLoaders(loadSource(absolute)["default"], path.dirname(absolute));
}
