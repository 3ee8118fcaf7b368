#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { answerParent, CHILD_OPTION } from "../child";
import { DECODERS } from "./decoders";
import { measureMemory, type MeasuredMemory } from "./measure-memory";
import { runFuzzing } from "./run-fuzzing";

async function main(words: readonly string[]): Promise<void> {
  if (words[0] === CHILD_OPTION) answerParent(measure);
  else process.exitCode = await runFuzzing(words);
}

function measure(message: unknown): Promise<MeasuredMemory> {
  const decoder = DECODERS.find(({ name }) => name === message);
  if (decoder === undefined) throw new Error("Expected the name of a decoder, found another message.");
  return measureMemory(decoder);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
