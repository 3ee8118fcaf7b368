// SPDX-License-Identifier: MIT
import { existsSync } from "node:fs";
import path from "node:path";
import { loadSource } from "../constructs/bundle";
import { DeploymentConfigError } from "../infra-errors";
import { parseLoaders, type ParsedLoader } from "./parse-loaders";

/** The contents of a `loader.config.ts`. */
export interface LoaderApp {
  readonly loaders: readonly ParsedLoader[];
  readonly dashboard: boolean;
}

/** The loaders of a `loader.config.ts`, as {@link loadAppFile} reads it. */
export function loadConfigFile(file: string): readonly ParsedLoader[] {
  return loadAppFile(file).loaders;
}

/**
 * Reads a `loader.config.ts`.
 *
 * @throws DeploymentConfigError naming every problem at once; BundleError if the file does not compile or run.
 */
export function loadAppFile(file: string): LoaderApp {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new DeploymentConfigError([
      `the configuration: expected a file, found none at ${absolute}. Write one, as docs/guides/deploy.md shows, or name another with --config, or with LOADER_CONFIG where you run cdk yourself`,
    ]);
  }
  const content = loadSource(absolute)["default"];
  const loaders = parseLoaders(content, path.dirname(absolute));
  const { dashboard = true } = content as { readonly dashboard?: unknown };
  if (typeof dashboard === "boolean") return { loaders, dashboard };
  throw new DeploymentConfigError([`dashboard: expected true or false, found ${JSON.stringify(dashboard)}`]);
}
