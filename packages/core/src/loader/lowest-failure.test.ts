// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { lowestFailure } from "./lowest-failure";

const failed = (...ids: string[]) => ({
  failed: ids.map((deliveryId) => ({ deliveryId, events: [], split: false, heldBack: false })),
});

it("names the first failure and no other, and none where there is none", () => {
  expect(lowestFailure(failed("7", "3", "9"))).toEqual({ batchItemFailures: [{ itemIdentifier: "7" }] });
  expect(lowestFailure(failed("3"))).toEqual({ batchItemFailures: [{ itemIdentifier: "3" }] });
  expect(lowestFailure(failed())).toEqual({ batchItemFailures: [] });
});
