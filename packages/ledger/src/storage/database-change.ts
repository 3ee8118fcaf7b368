// SPDX-License-Identifier: MIT

/** A database was lost, or answers again. */
export type DatabaseChange =
  | { readonly kind: "database-lost"; readonly place: string }
  | { readonly kind: "database-back"; readonly place: string; readonly awayMs: number };
