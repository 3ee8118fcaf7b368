// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Patience } from "./patience";

describe("Patience", () => {
  let now = 0;
  let waiting: Patience;
  beforeEach(() => {
    waiting = new Patience(1_000, () => now);
  });

  it("lasts as long as something moves, however long that takes", () => {
    for (let left = 100_000; left > 0; left -= 1) {
      now += 50;
      if (!waiting.mayWait(String(left))) throw new Error(`Gave up with ${left} left.`);
    }
  });

  it("ends when nothing moved for its time", () => {
    const looks = [];
    for (let look = 0; look < 25; look += 1) {
      looks.push(waiting.mayWait("7 left"));
      now += 50;
    }
    expect(looks.indexOf(false)).toBe(21);
  });

  it("begins anew when something moved", () => {
    for (let look = 0; look < 100; look += 1) {
      now += 50;
      expect(waiting.mayWait(String(Math.floor(look / 20)))).toBe(true);
    }
  });

  it("does not count the time in which the machine was busy with others", () => {
    for (let look = 0; look < 15; look += 1) {
      expect(waiting.mayWait("7 left")).toBe(true);
      now += 3_600_000;
    }
  });
});
