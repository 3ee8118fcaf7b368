// SPDX-License-Identifier: MIT
import { parseArgs } from "node:util";
import { startChild } from "../child";
import { writeTable } from "../write-table";
import { DECODERS } from "./decoders";
import { type FuzzFailure, fuzzDecoder } from "./fuzz-decoder";
import { type FuzzedDecoder, GROWTH_MAX } from "./fuzzed-decoder";
import type { MeasuredMemory } from "./measure-memory";
import { type MeasuredFuzzing, renderFuzzing } from "./render-fuzzing";
import { tryInput } from "./try-input";

const INPUTS = 1_000_000;

const USAGE = `usage: pnpm fuzz [NAME]... [--inputs N] [--seed N] [--memory] [--write]
       pnpm fuzz NAME --input HEX

${DECODERS.map(({ name, what }) => `  ${name.padEnd(14)}${what}`).join("\n")}

  --inputs  how many inputs each decoder gets. Default: ${INPUTS}
  --seed    repeats a run. Default: the time
  --input   decodes one input, as a failure prints it
  --memory  measures the memory that inputs of 1 MiB take
  --write   measures memory, and writes the table of docs/internals/holding.md`;

/**
 * Gives damaged inputs to the decoders that are named, or to all, and prints what broke a law.
 *
 * @returns the exit code: 0; 1 if a law was broken; 2 for wrong usage
 */
export async function runFuzzing(argv: readonly string[]): Promise<number> {
  const choice = choose(argv);
  if (choice === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { decoders, input, inputs, seed, memory, write } = choice;
  if (input !== undefined) return decodeOne(decoders, Buffer.from(input, "hex"));
  console.error(`seed ${seed}`);
  const results: MeasuredFuzzing[] = [];
  for (const decoder of decoders) {
    const result = await fuzzDecoder(decoder, { inputs, seed, onProgress: showProgress(decoder) });
    const measured = memory || write ? await measureInChild(decoder) : undefined;
    results.push(report({ ...result, memory: measured }, decoder));
  }
  const table = renderFuzzing(results);
  console.log(table);
  if (write) writeTable("fuzz", `Seed ${seed}.\n\n${table}`);
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

function showProgress({ name }: FuzzedDecoder): (tried: number) => void {
  return (tried) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${tried}`);
  };
}

/** Prints the failures of a result, that of its memory too, and returns the result with all of them. */
function report(result: MeasuredFuzzing, decoder: FuzzedDecoder): MeasuredFuzzing {
  const { name, memory } = result;
  const failures = [...result.failures, ...(memory === undefined ? [] : judgeMemory(memory, decoder))];
  for (const { problem, input } of failures)
    console.error(`${name}: ${problem}\n  pnpm fuzz ${name} --input ${input}`);
  console.error(`${name}: ${result.inputs} inputs, ${failures.length} problems`);
  return { ...result, failures };
}

function judgeMemory(
  { large, dense }: MeasuredMemory,
  { denseGrowthMax = GROWTH_MAX }: FuzzedDecoder,
): readonly FuzzFailure[] {
  const held = [
    ["a large input", large.held, GROWTH_MAX],
    ["a large input of the smallest values", dense.held, denseGrowthMax],
  ] as const;
  return held
    .filter(([, times, max]) => times > max)
    .map(([what, times]) => ({
      problem: `${Math.ceil(times)} times the size of ${what} in memory`,
      input: "",
    }));
}

/** In a process of its own, whose memory nothing else has grown. */
async function measureInChild({ name }: FuzzedDecoder): Promise<MeasuredMemory> {
  const child = startChild("fuzz");
  try {
    return (await child.ask(name)) as MeasuredMemory;
  } finally {
    await child.stop();
  }
}

async function decodeOne(decoders: readonly FuzzedDecoder[], input: Uint8Array): Promise<number> {
  for (const decoder of decoders) {
    const { problem, accepted, ms } = await tryInput(decoder, input);
    console.log(`${decoder.name}: ${problem ?? (accepted ? "decoded" : "refused")}, ${Math.ceil(ms)} ms`);
    if (problem !== undefined) return 1;
  }
  return 0;
}

interface Choice {
  readonly decoders: readonly FuzzedDecoder[];
  readonly inputs: number;
  readonly seed: number;
  readonly input: string | undefined;
  readonly memory: boolean;
  readonly write: boolean;
}

function choose(argv: readonly string[]): Choice | undefined {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean", default: false } as const;
    const options = { inputs: text, seed: text, input: text, memory: flag, write: flag } as const;
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const decoders = DECODERS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const [inputs, seed] = [Number(values.inputs ?? INPUTS), Number(values.seed ?? Date.now() % 2 ** 32)];
    const isKnown = decoders.length >= positionals.length && [inputs, seed].every(Number.isSafeInteger);
    return isKnown ? { ...values, decoders, inputs, seed, input: values.input } : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
