// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { decodeEvents, encodeEvent } from "@ledger-loader/core";
import { rulePattern } from "@ledger-loader/eventbridge";
import {
  aHistory,
  startEventBridge,
  type EventBridgeEmulator,
  type EventPattern,
} from "@ledger-loader/testkit";
import { runWords } from "../test/run-words";

const EVENTS = aHistory(["INSERT", "UPDATE", "DELETE"]);
const stdin = EVENTS.map((event) => `${encodeEvent(event)}\n`).join("");

describe("load --to eventbridge:", () => {
  let bus: EventBridgeEmulator;
  const arrived: string[] = [];
  beforeAll(async () => {
    bus = await startEventBridge({
      faultOf: (call) =>
        call < EVENTS.length ? undefined : { refuse: () => "NotAuthorizedForSourceException" },
    });
    const pattern = JSON.parse(JSON.stringify(rulePattern())) as EventPattern;
    bus.addRule(pattern, (event) => {
      arrived.push((event as { detail: { event: string } }).detail.event);
    });
  });
  afterAll(() => bus.close());

  it("puts every event on the bus, then says what the bus refuses", async () => {
    const env = { AWS_ENDPOINT_URL_EVENTBRIDGE: bus.clientConfig.endpoint };
    const words = ["load", "-", "--to", "eventbridge:changes"];
    const result = await runWords(words, { env, stdin });
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("3 sent to the channel") });
    expect(arrived.map((text) => decodeEvents(text).events[0]?.event?.version)).toEqual([0, 1, 2]);
    const refused = await runWords(words, { env, stdin });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(/3 events: 3 rejected/);
    expect(refused.stdout).toMatch(
      /line 1, Vehicle, .*version 0: channel-refused\. .*NotAuthorizedForSourceException/,
    );
    expect(refused.stdout).toMatch(/line 2, Vehicle, .*version 1: held-up\./);
  });

  it("says which bus it could not use", async () => {
    const env = { AWS_ENDPOINT_URL_EVENTBRIDGE: "http://127.0.0.1:1" };
    const result = await runWords(["load", "-", "--to", "eventbridge:none"], { env, stdin });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/\[(BUS_REFUSED|EVENT_BUS_UNAVAILABLE)\]/);
  });
});
