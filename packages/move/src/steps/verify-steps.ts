// SPDX-License-Identifier: MIT
import {
  type JournalExport,
  type NamedPartial,
  type SequenceRange,
  type VerifyPartOptions,
  anchorsOfPartials,
  joinPartials,
  parsePartial,
  verifyPart,
} from "@ledger-loader/export";
import type { Assurance, Verdict } from "@ledger-loader/journal";
import { createCertificate } from "../certificate/create-certificate";
import { certificatePage } from "../certificate/page/certificate-page";
import type { CertificateReport } from "../certificate/certificate";

/** Where the steps of a verification keep what they hand on: the keys of a bucket, for example. */
export interface StepStore {
  /** Reads a text. MUST throw if there is none. */
  read(key: string): Promise<string>;
  /** Writes a text, over one that may be there. A step can be repeated. */
  write(key: string, text: string): Promise<void>;
}

/** One range of blocks to verify, and where its partial verification is written. */
export interface VerifyStep extends SequenceRange {
  readonly key: string;
}

/** The verdict of a verification in steps. */
export interface StepsVerdict {
  readonly verdict: Verdict;
  readonly assurance: Assurance | null;
  /** The keys of the certificate's page and JSON. */
  readonly page: string;
  readonly json: string;
}

/** Partial verifications that are read at the same time. */
const READS = 16;

/**
 * Cuts an export into ranges of blocks, and writes their list to `<prefix>/steps.json`.
 *
 * @param objectsPerStep - the data objects in each range
 */
export async function planSteps(
  source: JournalExport,
  {
    prefix,
    objectsPerStep,
    store,
  }: { readonly prefix: string; readonly objectsPerStep: number; readonly store: StepStore },
): Promise<{ readonly key: string; readonly steps: number }> {
  const starts = source.objects
    .filter((_, index) => index > 0 && index % objectsPerStep === 0)
    .flatMap(({ name }) => name?.first ?? []);
  // In order and each once, whatever the manifest says: ranges must follow one another.
  const begins = [0, ...new Set(starts.filter((start) => start > 0).sort((a, b) => a - b))];
  const steps = begins.map((first, index): VerifyStep => {
    const last = (begins[index + 1] ?? Number.MAX_SAFE_INTEGER) - 1;
    return { first, last, key: `${prefix}/parts/${first}.json` };
  });
  const key = `${prefix}/steps.json`;
  await store.write(key, JSON.stringify(steps));
  return { key, steps: steps.length };
}

/** Verifies one range and writes its partial verification. */
export async function verifyStep(
  source: JournalExport,
  { first, last, key }: VerifyStep,
  { store, ...options }: VerifyPartOptions & { readonly store: StepStore },
): Promise<void> {
  const partial = await verifyPart(source, { first, last }, options);
  await store.write(key, JSON.stringify(partial));
}

/** Joins all partial verifications and writes the certificate, `<prefix>/certificate.html` and `.json`. */
export async function joinSteps(
  prefix: string,
  { store, tool }: { readonly store: StepStore; readonly tool: CertificateReport["tool"] },
): Promise<StepsVerdict> {
  const steps = JSON.parse(await store.read(`${prefix}/steps.json`)) as readonly VerifyStep[];
  const partials: NamedPartial[] = [];
  for (let from = 0; from < steps.length; from += READS) {
    partials.push(
      ...(await Promise.all(steps.slice(from, from + READS).map((step) => readPartial(step, store)))),
    );
  }
  const verification = joinPartials(partials);
  const certificate = createCertificate({ verification, ...anchorsOfPartials(partials), tool });
  const [page, json] = [`${prefix}/certificate.html`, `${prefix}/certificate.json`];
  await store.write(page, certificatePage(certificate));
  await store.write(json, `${JSON.stringify(certificate, null, 2)}\n`);
  return { verdict: verification.verdict, assurance: verification.assurance ?? null, page, json };
}

async function readPartial({ key }: VerifyStep, store: StepStore): Promise<NamedPartial> {
  return { place: key, partial: parsePartial(await store.read(key), key) };
}
