// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { LedgerLoaderError } from "./ledger-loader-error";

class DiskFullError extends LedgerLoaderError {
  readonly code = "DISK_FULL";
}

it("keeps message, cause and retryability, and is named after its class", () => {
  const cause = new Error("ENOSPC");
  const error = new DiskFullError("Expected room for 1 block, found none: free some space.", {
    cause,
    retryable: true,
  });
  expect(error).toMatchObject({ code: "DISK_FULL", name: "DiskFullError", retryable: true, cause });
});

it("is not retryable and has no cause unless it says so", () => {
  const error = new DiskFullError("full");
  expect(error.retryable).toBe(false);
  expect("cause" in error).toBe(false);
});
