// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ClockJumpedError } from "@ledger-loader/ledger";
import { openTestStore, query, type TestStore } from "../test/open-test-store";
import { guardClock, PROCESS_CLOCKS } from "./guarded-clock";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);

/** The three clocks of a machine whose time of day can be set. */
class Machine {
  timeOfDay = START;
  steady = 5;
  sinceBoot = 1000;

  pass(milliseconds: number): void {
    this.sleep(milliseconds);
    this.steady += milliseconds;
  }

  sleep(milliseconds: number): void {
    this.timeOfDay += milliseconds;
    this.sinceBoot += milliseconds;
  }
}

describe("A guarded clock", () => {
  let machine: Machine;
  let clock: () => number;
  beforeEach(() => {
    machine = new Machine();
    const options = { steady: () => machine.steady, sinceBoot: () => machine.sinceBoot };
    clock = guardClock(() => machine.timeOfDay, options);
  });

  it.each([
    ["a step of ten minutes", 10 * MINUTE, "taken"],
    ["a step of more", 10 * MINUTE + 1, "refused"],
    ["a wrong century", 100 * 365 * 24 * HOUR, "refused"],
    ["a step back", -5 * HOUR, "taken"],
  ])("%s is taken or refused", (_name, step, result) => {
    machine.pass(3 * HOUR);
    machine.timeOfDay += step;
    if (result === "taken") expect(clock()).toBe(START + 3 * HOUR + step);
    else expect(clock).toThrow(ClockJumpedError);
  });

  it("tells the time again once the clock is corrected, and only then", () => {
    machine.timeOfDay += 9 * 365 * 24 * HOUR;
    for (let reading = 0; reading < 3; reading++) {
      machine.pass(HOUR);
      expect(clock).toThrow("Expected the clock of this machine to show 2026-01-01T0");
    }
    machine.timeOfDay -= 9 * 365 * 24 * HOUR;
    expect(clock()).toBe(START + 3 * HOUR);
  });

  it("takes the time that the machine slept", () => {
    for (let night = 1; night <= 3; night++) {
      machine.sleep(8 * HOUR);
      machine.pass(MINUTE);
      expect(clock()).toBe(START + night * (8 * HOUR + MINUTE));
    }
    machine.timeOfDay += 8 * HOUR;
    expect(clock).toThrow(ClockJumpedError);
  });

  it("lets a clock that was set back return, and no further", () => {
    machine.timeOfDay -= 2 * HOUR;
    clock();
    machine.timeOfDay += 2 * HOUR;
    expect(clock()).toBe(START);
    machine.timeOfDay += 2 * HOUR;
    expect(clock).toThrow(ClockJumpedError);
  });

  it("agrees with the clocks of this process", () => {
    const guarded = guardClock(Date.now, PROCESS_CLOCKS);
    expect(Math.abs(guarded() - Date.now())).toBeLessThan(1000);
    let ahead = 0;
    const jumping = guardClock(() => Date.now() + ahead, PROCESS_CLOCKS);
    ahead = HOUR;
    expect(jumping).toThrow(ClockJumpedError);
  });
});

describe("A ledger on a machine whose clock is set", () => {
  let machine: Machine;
  let test: TestStore;
  let warnings: string[];
  beforeEach(async () => {
    machine = new Machine();
    warnings = [];
    test = await openTestStore({
      clock: () => machine.timeOfDay,
      clockGuard: { steady: () => machine.steady, sinceBoot: () => machine.sinceBoot },
      onWarning: (warning) => warnings.push(warning),
    });
    await query(test.ledger, "CREATE TABLE T");
  });
  afterEach(() => test.close());

  const headTime = async (): Promise<number | undefined> => (await test.ledger.readHead())?.blockTime;

  it("dates no block ahead of the time that has passed", async () => {
    machine.timeOfDay += 9 * 365 * 24 * HOUR;
    await expect(query(test.ledger, "INSERT INTO T ?", "{k: 1}")).rejects.toThrow(ClockJumpedError);
    await expect(test.store.createLedger("later")).rejects.toThrow(ClockJumpedError);
    expect(await headTime()).toBe(START);
    machine.timeOfDay = START;
    machine.pass(MINUTE);
    await query(test.ledger, "INSERT INTO T ?", "{k: 1}");
    expect(await headTime()).toBe(START + MINUTE);
  });

  it("refuses a jump between a transaction's last statement and its commit", async () => {
    const transaction = await test.ledger.begin();
    await (await transaction.execute("CREATE TABLE U", [])).all();
    machine.timeOfDay += HOUR;
    await expect(transaction.commit()).rejects.toThrow(ClockJumpedError);
    expect(await headTime()).toBe(START);
  });

  it("keeps the newest block's time while the clock is behind, and warns once until it has caught up", async () => {
    machine.timeOfDay -= 9 * MINUTE;
    await query(test.ledger, "INSERT INTO T ?", "{k: 1}");
    expect(warnings).toEqual([]);
    for (let episode = 1; episode <= 2; episode++) {
      machine.timeOfDay = START - 2 * HOUR;
      await query(test.ledger, "INSERT INTO T ?", "{k: 2}");
      await query(test.ledger, "INSERT INTO T ?", "{k: 3}");
      expect(warnings).toHaveLength(episode);
      machine.timeOfDay = START;
      await query(test.ledger, "INSERT INTO T ?", "{k: 4}");
    }
    expect(warnings[0]).toMatch(
      /^the clock shows 2025-12-31T22:00:00.000Z, but block 1 of ledger test has the time/,
    );
    expect(await headTime()).toBe(START);
  });
});
