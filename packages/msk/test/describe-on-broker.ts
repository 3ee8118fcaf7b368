// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import type { KafkaBroker } from "@ledger-loader/testkit";

/** Tests on one broker, which is there from the first to the last of them. */
export function describeOnBroker(
  title: string,
  start: () => Promise<KafkaBroker>,
  body: (broker: () => KafkaBroker) => void,
): void {
  describe(title, () => {
    let broker: KafkaBroker | undefined;
    beforeAll(async () => {
      broker = await start();
    });
    afterAll(() => broker?.close());
    body(() => broker!);
  });
}
