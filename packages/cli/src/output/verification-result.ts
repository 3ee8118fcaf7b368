// SPDX-License-Identifier: MIT
import type { CommandOutput } from "../options/command-spec";
import { PROGRAM, VERSION } from "../program-name";
import { exitCodeOf } from "./exit-code";
import type { Style } from "./style";
import { type PrintedReport, type VerifiedSubject, verificationText } from "./verification-text";

/** The meaning of a verification's exit codes, in help and reference. */
export const VERIFICATION_EXITS = {
  holds: "passed",
  doesNotHold: "failed: evidence of alteration or loss",
  incomplete: "incomplete: a part could not be checked",
} as const;

/** The result of a command that verifies: exit code, document and text, all of one report. */
export function verificationResult(
  report: PrintedReport,
  subject: VerifiedSubject,
  style: Style,
): CommandOutput {
  const { elapsedMs } = subject;
  return {
    exitCode: exitCodeOf(report.verdict),
    document: {
      holds: report.verdict === "passed",
      tool: { name: PROGRAM, version: VERSION },
      ...report,
      assurance: report.assurance ?? null,
      elapsedMs,
    },
    text: verificationText(report, subject, style),
  };
}
