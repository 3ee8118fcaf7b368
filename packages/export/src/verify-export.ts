// SPDX-License-Identifier: MIT
import type { VerifyExportOptions } from "./verify-options";
import { ExportVerifier } from "./export-verifier";
import type { JournalExport } from "./journal-export";
import type { VerificationReport } from "./verification-report";

/**
 * Recomputes all that can be recomputed of an export, compares all that it says twice, and checks it against what is
 * trusted. Streams: memory grows with neither export nor data object.
 *
 * Damage is reported, not thrown: missing and malformed objects too. Throws `UnsupportedFormatError` for JSON.
 *
 * A digest can be checked if the export holds every block from 0 to the digest's tip. If the export ends before the tip,
 * it is `broken`: an export from before the digest looks the same as one whose end was cut off. If it begins
 * later than block 0, the digest stays unchecked (a warning) and only a proof can anchor it.
 */
export async function verifyExport(
  source: JournalExport,
  options: VerifyExportOptions = {},
): Promise<VerificationReport> {
  return new ExportVerifier(source, options).run();
}
