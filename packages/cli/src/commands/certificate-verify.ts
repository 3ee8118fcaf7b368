// SPDX-License-Identifier: MIT
import { type VerificationReport, fromJsonAnchors, verifyExport } from "@ledger-loader/export";
import { type Digest, heaviestVerdict } from "@ledger-loader/journal";
import {
  type CertificateCheck,
  type CertificateReport,
  certifiedDigestsOf,
  checkSeal,
  compareWithExport,
  compareWithLedger,
  parsePublicKey,
} from "@ledger-loader/move";
import { UsageError } from "../cli-errors";
import { readNamedFile } from "../files";
import { JOURNAL_OPTIONS, withJournal, type JournalOptions } from "../ledger/ledger-journal";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { withExport } from "../options/with-export";
import { CHECK_VERDICTS, certificateText } from "../output/certificate-text";
import { exitCodeOf } from "../output/exit-code";
import { readCertificateFile } from "../output/certificate-file";
import { withProgress } from "../output/with-progress";

interface Options extends JournalOptions {
  readonly export?: readonly string[];
  readonly ledger?: string;
  readonly publicKey?: string;
}

/** `certificate verify FILE` */
export const certificateVerify: AnyCommandBody = command<readonly [file: string], Options>({
  description:
    "Recomputes the hash over the report, checks the signature, and compares a page with the JSON file next to " +
    "it.\n\nAnyone can write a certificate with a matching hash. A signature by a key that you trust " +
    "(--public-key) shows who made it. The verdict is never better than that of the certificate.",
  arguments: ["the certificate: the page (.html) or its JSON"],
  options: [
    {
      flags: "--export <manifest>",
      description: "the export of the certificate: a manifest, a folder or a URL `s3://BUCKET/PREFIX`",
      repeatable: true,
    },
    { flags: "--ledger <name>", description: "the ledger that must still hold the blocks" },
    {
      flags: "--public-key <file>",
      description: "the signer's public Ed25519 key in PEM",
    },
    ...JOURNAL_OPTIONS,
  ],
  examples: [
    {
      command: "ledger-loader certificate verify certificate.html --public-key public-key.pem",
      what: "who made it",
    },
    {
      command: "ledger-loader certificate verify certificate.json --export ./export",
      what: "against the export",
    },
    {
      command: "ledger-loader certificate verify move.json --ledger vehicles --data ./ledgers",
      what: "against the ledger, while no server runs",
    },
  ],
  exits: {
    holds: "the certificate says passed, and all that was checked matches",
    doesNotHold: "a check failed, or the certificate says failed",
    incomplete: "a part could not be checked, or the certificate says incomplete",
  },
  async run(context, [path], options) {
    requireLedgerName(options);
    const { publicKey } = options;
    const key = publicKey === undefined ? undefined : parsePublicKey(await readText(publicKey), publicKey);
    const { parsed, page } = await readCertificateFile(path);
    const { report } = parsed.certificate;
    const checks = [
      ...checkSeal(parsed, key),
      ...(page === undefined ? [] : [page]),
      ...(await checkExport(context, report, options)),
      ...(await checkLedger(context, report, options)),
    ];
    const verdict = heaviestVerdict([report.verdict, ...checks.map(({ status }) => CHECK_VERDICTS[status])]);
    const { sha256, signature } = parsed.certificate;
    return {
      exitCode: exitCodeOf(verdict),
      document: {
        holds: verdict === "passed",
        verdict,
        checks,
        certificate: { ...report, sha256, signature },
      },
      text: certificateText(parsed.certificate, verdict, checks, context.style),
    };
  },
});

async function readText(path: string): Promise<string> {
  return Buffer.from(await readNamedFile(path, "a public key")).toString("utf8");
}

function requireLedgerName({ ledger, data, postgres, endpoint }: Options): void {
  if (ledger !== undefined || (data ?? postgres ?? endpoint) === undefined) return;
  throw new UsageError("expected --ledger NAME beside the place of the ledger, found no name");
}

async function checkExport(
  context: CommandContext,
  report: CertificateReport,
  options: Options,
): Promise<CertificateCheck[]> {
  const manifests = options.export;
  if (manifests === undefined) return [];
  const { anchors, verification } = report;
  return withExport(context.terminal.env, manifests, (journal) =>
    withProgress(context, "verifying the export", "bytes", async (onBytes) => {
      // A certificate can be about a range of the export.
      const isWhole = verification.range === undefined || verification.objects >= journal.objects.length;
      const found = await verifyExport(isWhole ? journal : journal.within(verification.range), {
        ...fromJsonAnchors(anchors),
        onProgress: ({ bytes, totalBytes }) => {
          onBytes(bytes, totalBytes);
        },
      });
      return compareWithExport(report, found);
    }),
  );
}

async function checkLedger(
  context: CommandContext,
  report: CertificateReport,
  options: Options,
): Promise<CertificateCheck[]> {
  const { ledger } = options;
  if (ledger === undefined) return [];
  return withJournal(context.terminal, ledger, options, async ({ asExport, digest }) => {
    const digests = certifiedDigestsOf(report, digest.tipAddress.strandId);
    return [compareWithLedger(ledger, await verifyJournal(context, asExport, digests))];
  });
}

async function verifyJournal(
  context: CommandContext,
  journal: Parameters<typeof verifyExport>[0],
  digests: readonly Digest[],
): Promise<VerificationReport> {
  return withProgress(context, "verifying the ledger", "bytes", (onBytes) =>
    verifyExport(journal, {
      digests,
      onProgress: ({ bytes }) => {
        onBytes(bytes);
      },
    }),
  );
}
