// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { decodeEvents, decodeMessage, InvalidEventError } from "@ledger-loader/core";

const EVENT = `{"op":"INSERT","table":"T","id":"1","version":0,"data":{"price":1.20}}`;
const inEnvelope = (detail: string): string =>
  `{"version":"0","id":"m","detail-type":"E","source":"app","account":"123456789012",` +
  `"time":"2026-11-28T12:37:06Z","region":"us-east-1","resources":[],"detail":${detail}}`;

it.each([
  ["text", inEnvelope(EVENT)],
  ["bytes", Buffer.from(inEnvelope(EVENT))],
  ["text with white space around", `\n ${inEnvelope(EVENT)}\n`],
  ["an event as it is", EVENT],
])("decodes the event of %s, with its numbers as they were written", (_, body) => {
  expect(decodeMessage(body)).toEqual(decodeEvents(EVENT));
});

it("takes an event that holds an envelope for an event", () => {
  const body = EVENT.replace("1.20", inEnvelope(EVENT));
  expect(decodeMessage(body)).toEqual(decodeEvents(body));
});

it.each([
  ["an event", EVENT.replace("1.20", "[".repeat(20_000) + "]".repeat(20_000))],
  ["an envelope", inEnvelope(EVENT.replace("1.20", "[".repeat(20_000) + "]".repeat(20_000)))],
  ["a detail", inEnvelope(`{"a":`.repeat(20_000) + "1" + "}".repeat(20_000))],
])("refuses %s that is nested too deep, as text and as bytes", (_, body) => {
  for (const each of [body, Buffer.from(body)]) {
    expect(() => decodeMessage(each)).toThrow(InvalidEventError);
  }
});
