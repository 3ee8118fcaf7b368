// SPDX-License-Identifier: MIT
import { encodeIon } from "@ledger-loader/ion";
import { dom } from "ion-js";
import { readProductHistory } from "./product-history";
import { vehicle } from "./vehicle";

/** The documents of the real history, each as Ion binary. */
export function productDocuments(): readonly Uint8Array[] {
  return readProductHistory()
    .flat()
    .flatMap(({ data }) => (data === undefined ? [] : [encodeIon(dom.Value.from(data))]));
}

/** Made-up vehicle registrations, each as Ion binary. */
export function vehicleDocuments(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => encodeIon(dom.Value.from(vehicle(i))));
}
