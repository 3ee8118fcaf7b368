// SPDX-License-Identifier: MIT
export { editDistance } from "./edit-distance";
export { LedgerLoaderError } from "./ledger-loader-error";
export type { LedgerLoaderErrorOptions } from "./ledger-loader-error";
export { explainMissingPackage, PackageMissingError } from "./package-missing-error";
export { printable } from "./printable";
export { quoted } from "./quoted";
