// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { ATTACK_BOUNDS, judgeAttack, judgeStop, percentile } from "./judge-attack";
import type { MeasuredAttack } from "./measure-attack";

const SOUND: MeasuredAttack = {
  name: "like",
  what: "patterns",
  secondClient: { latencies: Array.from({ length: 200 }, (_, i) => i), failures: [] },
  tally: { counts: { "200": 5, "400 BadRequestException": 7, "503 CapacityExceededException": 1 }, cut: 2 },
  memory: { before: 100, peak: 900, after: 300 },
};

describe("The judgement of an attack", () => {
  it("finds nothing where the bounds are kept", () => {
    expect(judgeAttack(SOUND, ATTACK_BOUNDS)).toEqual([]);
    expect(judgeStop({ ms: 5200, exitCode: 0 }, ATTACK_BOUNDS)).toEqual([]);
  });

  it.each<[string, Partial<MeasuredAttack>]>([
    ["The second client was not answered.", { secondClient: { latencies: [], failures: [] } }],
    [
      "The second client was refused: 2 times, 503 CapacityExceededException.",
      { secondClient: { latencies: [1], failures: Array<string>(2).fill("503 CapacityExceededException") } },
    ],
    ["p99 was 251 ms.", { secondClient: { latencies: Array<number>(9).fill(251), failures: [] } }],
    ["The memory reached 1025 MiB.", { memory: { before: 100, peak: 1025, after: 100 } }],
    ["257 MiB of memory were kept.", { memory: { before: 100, peak: 400, after: 357 } }],
    [
      "The attacker was answered 500 InternalFailure.",
      { tally: { counts: { "500 InternalFailure": 1 }, cut: 0 } },
    ],
    ["The attacker was answered 400 untyped.", { tally: { counts: { "400 untyped": 1 }, cut: 0 } }],
  ])("%s", (sentence, part) => {
    expect(judgeAttack({ ...SOUND, ...part }, ATTACK_BOUNDS)).toEqual([sentence]);
  });

  it("looks at no clock where there is no bound for it", () => {
    const slow = { ...SOUND, secondClient: { latencies: [100_000], failures: [] } };
    expect(judgeAttack(slow, { ...ATTACK_BOUNDS, p99MaxMs: undefined })).toEqual([]);
  });

  it.each([
    ["The server ended with 1.", { ms: 10, exitCode: 1 }],
    ["The server ended with a signal.", { ms: 10, exitCode: null }],
    ["SIGTERM took 7000 ms.", { ms: 7000, exitCode: 0 }],
  ])("%s", (sentence, end) => {
    expect(judgeStop(end, ATTACK_BOUNDS)).toEqual([sentence]);
  });

  it.each([
    [[5, 1, 3], 0.5, 3],
    [[5, 1, 3], 1, 5],
    [[], 0.5, NaN],
  ])("a percentile of %j", (latencies, part, expected) => {
    expect(percentile(latencies, part)).toBe(expected);
  });
});
