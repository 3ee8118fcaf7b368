// SPDX-License-Identifier: MIT
import {
  type Delivery,
  type DeliveryReport,
  type LoadOptions,
  type Loader,
  type Outcome,
  rejected,
} from "@ledger-loader/core";

/** A loader that remembers what it was given and fails the deliveries that it was told. */
export class RecordingLoader implements Loader {
  deliveries: readonly Delivery[] = [];
  options: LoadOptions | undefined;
  readonly #failing: ReadonlySet<string>;

  constructor(...failing: string[]) {
    this.#failing = new Set(failing);
  }

  load(deliveries: readonly Delivery[], options: LoadOptions) {
    this.deliveries = deliveries;
    this.options = options;
    const reports = deliveries.map(({ deliveryId }): DeliveryReport => {
      const failed = this.#failing.has(deliveryId);
      const outcome: Outcome = failed ? rejected("version-gap", "", true) : { status: "written" };
      return { deliveryId, events: [{ outcome }], split: false, heldBack: false };
    });
    const failed = reports.filter(({ deliveryId }) => this.#failing.has(deliveryId));
    const skipped = { "already-applied": 0, superseded: 0, "missing-document": 0 };
    const counts = { written: reports.length - failed.length, skipped, rejected: {}, writtenWithoutId: 0 };
    return Promise.resolve({ deliveries: reports, failed, counts });
  }

  close() {
    return Promise.resolve();
  }
}
