// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type LogFields, type Logger, OutageLog } from "@ledger-loader/core";

function start(level?: "error"): { readonly log: OutageLog; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (of: string) => (fields: LogFields, message: string) => {
    const { awayMs, ...rest } = fields;
    expect(awayMs === undefined || Number(awayMs) >= 0).toBe(true);
    lines.push(`${of} ${message} ${JSON.stringify(rest)}`);
  };
  const logger: Logger = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  const texts = { away: "away", back: "back" };
  return { log: new OutageLog(logger, level === undefined ? texts : { ...texts, level }), lines };
}

describe("OutageLog", () => {
  it("has a line when something goes, one when it is back, and the tries between at debug", () => {
    const { log, lines } = start();
    log.succeeded();
    for (const error of ["A", "B", "C"]) log.failed({ error });
    log.succeeded();
    log.succeeded();
    log.failed({ error: "D" });
    expect(lines).toEqual([
      'warn away {"error":"A"}',
      'debug away {"error":"B","failures":2}',
      'debug away {"error":"C","failures":3}',
      'info back {"failures":3}',
      'warn away {"error":"D"}',
    ]);
  });

  it("is away while any caller is, and forgets one that has ended", () => {
    const { log, lines } = start("error");
    log.failed({}, "shard-1");
    log.failed({}, "shard-2");
    log.succeeded("shard-1");
    expect(log.isAway).toBe(true);
    log.succeeded("shard-2");
    log.failed({}, "shard-3");
    log.forget("shard-3");
    log.succeeded("shard-3");
    log.failed({}, "shard-1");
    expect(lines).toEqual([
      "error away {}",
      'debug away {"failures":2}',
      'info back {"failures":2}',
      "error away {}",
      "error away {}",
    ]);
  });
});
