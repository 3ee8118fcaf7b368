// SPDX-License-Identifier: MIT
import { formatHash, hashIon } from "@ledger-loader/ion";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { makeReader } from "ion-js";
import type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { productDocuments, vehicleDocuments } from "../documents";
import { measure } from "../stopwatch";

/** The Ion hash of documents, straight from Ion binary, beside that of AWS's library. */
export const hashBenchmark: Benchmark = {
  name: "hash",
  title: "Ion hash of documents in Ion binary: hashIon beside ion-hash-js",
  run: runHashBenchmark,
};

/** Documents that one of the two hashes before it is the other's turn. */
const TURN = 100;

interface Input {
  readonly name: string;
  readonly documents: readonly Uint8Array[];
  /** How often the subject hashes them all in a round, so that it takes long enough to be measured. */
  readonly repetitions: number;
}

interface Samples {
  readonly subject: number[];
  readonly baseline: number[];
}

async function runHashBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const inputs = toInputs(quick);
  for (const { documents } of inputs) checkEqual(documents);
  const samples = inputs.map((): Samples => ({ subject: [], baseline: [] }));
  const rounds = quick ? 1 : 7;
  for (let round = quick ? 1 : 0; round <= rounds; round++) {
    onProgress(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
    for (const [i, input] of inputs.entries()) {
      const { baseline, subject } = await measureInTurns(input);
      if (round === 0) continue;
      samples[i]?.baseline.push(baseline);
      samples[i]?.subject.push(subject);
    }
  }
  return {
    comparisons: inputs.map((input, i) => toComparison(input, samples[i] ?? { subject: [], baseline: [] })),
    notes: [
      "Per second of processor time, garbage collection included. Both hash the same bytes, and the hashes are compared.",
      ...inputs.map(
        ({ name, documents }) =>
          `${name}: ${documents.length} documents of ${meanSize(documents)} bytes on average.`,
      ),
    ],
  };
}

function toInputs(quick: boolean): readonly Input[] {
  const products = productDocuments();
  const vehicles = vehicleDocuments(1000);
  const cut = (documents: readonly Uint8Array[]): readonly Uint8Array[] =>
    quick ? documents.slice(0, 50) : documents;
  return [
    { name: "product releases", documents: cut(products), repetitions: quick ? 1 : 10 },
    { name: "vehicles", documents: cut(vehicles), repetitions: quick ? 1 : 20 },
  ];
}

function checkEqual(documents: readonly Uint8Array[]): void {
  for (const document of documents.slice(0, 20)) {
    const subject = formatHash(hashIon(document));
    const baseline = formatHash(hashByLibrary(document));
    if (subject !== baseline)
      throw new Error(`Expected both to make the hash ${baseline}, found ${subject}.`);
  }
}

/** Hashes all documents by both, in turns of some fifty milliseconds, and returns the documents per second of each. */
async function measureInTurns({
  documents,
  repetitions,
}: Input): Promise<{ baseline: number; subject: number }> {
  let baselineMs = 0;
  let subjectMs = 0;
  for (let at = 0; at < documents.length; at += TURN) {
    const turn = documents.slice(at, at + TURN);
    baselineMs += await hashAll(turn, 1, hashByLibrary);
    subjectMs += await hashAll(turn, repetitions, hashIon);
  }
  return {
    baseline: (documents.length / baselineMs) * 1000,
    subject: ((documents.length * repetitions) / subjectMs) * 1000,
  };
}

async function hashAll(
  documents: readonly Uint8Array[],
  repetitions: number,
  hash: (ion: Uint8Array) => Uint8Array,
): Promise<number> {
  const { cpuMs } = await measure(() => {
    for (let i = 0; i < repetitions; i++) for (const document of documents) hash(document);
  });
  return cpuMs;
}

/** As the official driver does it. */
function hashByLibrary(ion: Uint8Array): Uint8Array {
  const reader = makeHashReader(makeReader(ion), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return reader.digest();
}

function toComparison({ name }: Input, { subject, baseline }: Samples): Comparison {
  return {
    what: name,
    unit: "documents/s",
    baseline: { name: "ion-hash-js", samples: baseline },
    subject: { name: "hashIon", samples: subject },
    aim: { atLeast: 25 },
  };
}

function meanSize(documents: readonly Uint8Array[]): number {
  return Math.round(documents.reduce((sum, { length }) => sum + length, 0) / documents.length);
}
