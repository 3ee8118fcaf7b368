// SPDX-License-Identifier: MIT
import { jestApi } from "../jest-api";
import { openBench, type Bench } from "./bench";
import { describeCurrentState } from "./describe-current-state";
import { describeDelay } from "./describe-delay";
import { describeDelivery } from "./describe-delivery";
import { describeFailures } from "./describe-failures";
import { describeOrder } from "./describe-order";
import { describePoison } from "./describe-poison";
import type { ChannelSetup, ChannelTraits, TestChannel } from "./test-channel";

/**
 * Describes what every channel owes its users: events end in the ledger once and in order, or parked, and none is
 * acknowledged in silence; a bad one delays no other beyond what the traits name. Run it for each channel, over a real
 * transport or its emulator.
 */
export function describeChannel(
  name: string,
  traits: ChannelTraits,
  make: (setup: ChannelSetup) => Promise<TestChannel>,
): void {
  const { afterEach, beforeEach, describe } = jestApi();
  describe(name, () => {
    let bench: Bench & { close(): Promise<void> };
    beforeEach(async () => {
      bench = await openBench(make, traits);
    });
    afterEach(() => bench.close());
    const get = (): Bench => bench;
    describeDelivery(get, traits);
    if (traits.currentStateOnly === undefined) describeOrder(get, traits);
    else describeCurrentState(get, traits, traits.currentStateOnly);
    describePoison(get, traits);
    describeDelay(get, traits);
    describeFailures(get, traits);
  });
}
