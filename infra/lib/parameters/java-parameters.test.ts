// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { CHANNELS, parametersOf, type ChannelName } from "@ledger-loader/infra";
import { javaParametersOf } from "./java-parameters";

const channels = Object.keys(CHANNELS) as ChannelName[];

it.each(channels)(
  "has a parameter of %s for each of the Java template, or says why there is none",
  (channel) => {
    const rows = javaParametersOf(channel);
    expect(rows.map(({ java }) => java)).toEqual([...new Set(rows.map(({ java }) => java))]);
    for (const { java, here, note = "" } of rows) {
      const answer = here === undefined ? note.startsWith("Gone") : here in parametersOf(channel);
      expect([java, answer]).toEqual([java, true]);
    }
  },
);
