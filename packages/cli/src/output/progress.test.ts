// SPDX-License-Identifier: MIT
import { Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { startProgress } from "./progress";
import type { Terminal } from "./terminal";

function terminal(isTTY: boolean, columns = 60): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY, columns };
  return {
    written,
    terminal: {
      stdin: Readable.from([]),
      stdout: stream,
      stderr: stream,
      env: {},
      onStop: () => () => undefined,
      onReload: () => () => undefined,
    },
  };
}

describe("startProgress", () => {
  it("shows nothing before two seconds have passed, then a line that fits, and takes it away", () => {
    const { terminal: tty, written } = terminal(true);
    let now = 0;
    const progress = startProgress(tty, "verifying", "blocks", () => now);
    now = 1_900;
    progress.update(10, 100);
    expect(written).toEqual([]);
    now = 2_500;
    progress.update(50, 100);
    now = 2_550;
    progress.update(51, 100);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\r\u001b\[Kverifying {2}█+░+ {2}50% {2}50 blocks/);
    expect((written[0] ?? "").length).toBeLessThanOrEqual(64);
    progress.finish();
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  it("shows a rate where the whole is not known", () => {
    const { terminal: tty, written } = terminal(true);
    let now = 0;
    const progress = startProgress(tty, "loading", "events", () => now);
    now = 4_000;
    progress.update(2_000);
    expect(written.join("")).toContain("loading  2,000 events  500/s");
  });

  it("gives the rate of what it counts beside, and leaves the bar out where there is no room for it", () => {
    const { terminal: tty, written } = terminal(true, 70);
    let now = 0;
    const progress = startProgress(tty, "replaying", "blocks", () => now);
    now = 4_000;
    progress.update(250, 1_000, { done: 5_000, unit: "revisions" });
    expect(written.at(-1)).toBe("\r\u001b[Kreplaying  25%  250 blocks  5,000 revisions  1,250/s  12 s left");
  });

  it("adds a line every minute where there is no terminal", () => {
    const { terminal: pipe, written } = terminal(false);
    let now = 0;
    const progress = startProgress(pipe, "loading", "events", () => now);
    for (now = 10_000; now <= 130_000; now += 10_000) progress.update(now / 10, 20_000);
    progress.finish();
    expect(written).toEqual([
      "loading: 30%, 6,000 events, 100/s, 2 min 20 s left\n",
      "loading: 60%, 12,000 events, 100/s, 1 min 20 s left\n",
    ]);
  });

  it("takes a terminal that says it has no columns for one of 80", () => {
    const { terminal: tty, written } = terminal(true, 0);
    let now = 0;
    const progress = startProgress(tty, "loading", "events", () => now);
    now = 4_000;
    progress.update(100);
    expect(written.join("")).toContain("loading  100 events  25/s");
  });
});
