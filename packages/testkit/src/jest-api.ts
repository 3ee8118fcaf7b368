// SPDX-License-Identifier: MIT
import type * as JestGlobals from "@jest/globals";

/**
 * Returns Jest's functions, for suites that are described by their users.
 *
 * They are taken when a suite is described and not when the package is loaded, because the module that holds them
 * throws outside a test run, where emulators and builders are of use too.
 */
export function jestApi(): typeof JestGlobals {
  // oxlint-disable-next-line typescript/no-require-imports -- an import would be evaluated on loading
  return require("@jest/globals") as typeof JestGlobals;
}
