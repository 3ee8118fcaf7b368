// SPDX-License-Identifier: MIT
import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startDelayProxy, type DelayProxy } from "./delay-proxy";

const DELAY_MS = 40;

describe("A delay proxy", () => {
  let server: Server;
  let proxy: DelayProxy;
  let agent: Agent;
  let connections = 0;
  beforeEach(async () => {
    connections = 0;
    server = createServer((incoming, response) => incoming.pipe(response)).on(
      "connection",
      () => connections++,
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    proxy = await startDelayProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, DELAY_MS);
    agent = new Agent({ keepAlive: true });
  });
  afterEach(async () => {
    agent.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const echo = (body: string, { endpoint } = proxy): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = request(endpoint, { method: "POST", agent }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("end", () => {
          resolve(text);
        });
      });
      outgoing.on("error", reject).end(body);
    });

  it("delays every request and keeps its connection open", async () => {
    for (const body of ["one", "two"]) {
      const startedAt = performance.now();
      expect(await echo(body)).toBe(body);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(DELAY_MS - 1);
    }
    expect(connections).toBe(1);
  });

  it("lets requests wait at the same time, and passes on large ones whole", async () => {
    const slow = await startDelayProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 1000);
    try {
      const startedAt = performance.now();
      const bodies = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000));
      expect(await Promise.all(bodies.map((body) => echo(body, slow)))).toEqual(bodies);
      // One after the other they would have waited 20 seconds.
      expect(performance.now() - startedAt).toBeLessThan(1000 * bodies.length);
    } finally {
      await slow.close();
    }
  });
});
