// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A `loader.config.ts`, or flags, that cannot be deployed. */
export class DeploymentConfigError extends LedgerLoaderError {
  readonly code = "DEPLOYMENT_CONFIG";
  /** Everything that is wrong, each naming its loader and parameter. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], cause?: unknown) {
    super(
      `Expected loaders that can be deployed, found ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n` +
        problems.map((problem) => `- ${problem}`).join("\n") +
        "\nEvery parameter is described in docs/reference/deploy-parameters.md.",
      { cause },
    );
    this.problems = problems;
  }
}

/** Code that cannot be bundled into a function. */
export class BundleError extends LedgerLoaderError {
  readonly code = "BUNDLE_FAILED";
}
