// SPDX-License-Identifier: MIT
import type { LoaderDefinition } from "./channels";

/** The default export of `loader.config.ts`. */
export interface LoaderFile {
  readonly loaders: readonly LoaderDefinition[];
  /** True if the loaders of one account and region have a dashboard, in a stack of its own. @defaultValue `true` */
  readonly dashboard?: boolean;
}

/** Types a `loader.config.ts`; what is wrong beyond types is said when it is synthesized. */
export function defineLoaders(file: LoaderFile): LoaderFile {
  return file;
}
