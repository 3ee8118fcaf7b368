// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "./ledger-loader-error";

/** A package that only some uses need is not installed: a delivery channel of the command line, or a client of AWS. */
export class PackageMissingError extends LedgerLoaderError {
  readonly code = "PACKAGE_MISSING";
  readonly packageName: string;

  constructor(packageName: string, options: { readonly cause?: unknown } = {}) {
    super(
      `Expected the package ${packageName}, found that it is not installed. Install it in the same folder: ` +
        `npm install ${packageName} (with --global if the program was installed with --global)`,
      options,
    );
    this.packageName = packageName;
  }
}

/**
 * Returns what Node.js throws for a package that is not installed as a {@link PackageMissingError}; any other error as it is.
 *
 * @param optional - names of packages that may be missing. For others their absence is a broken installation.
 */
export function explainMissingPackage(error: unknown, optional: readonly string[]): unknown {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return error;
  const [, name = ""] = /^Cannot find (?:package|module) '([^']+)'/.exec(message ?? "") ?? [];
  return optional.includes(name) ? new PackageMissingError(name, { cause: error }) : error;
}
