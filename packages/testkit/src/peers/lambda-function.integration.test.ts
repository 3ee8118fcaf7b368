// SPDX-License-Identifier: MIT
import path from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  peerAvailability,
  startLambda,
  type LambdaFunction,
  type LambdaFunctionOptions,
} from "@ledger-loader/testkit";

const codeFolder = path.join(__dirname, "../..", "test", "fixtures", "lambda");

describe("a function in our own runtime client", () => {
  describeFunction("own");
});

describeWhen(peerAvailability("aws-lambda-ric"), describe)(
  "a function in AWS's runtime interface client",
  () => {
    describeFunction("aws-lambda-ric");
  },
);

function describeFunction(runtimeClient: "own" | "aws-lambda-ric") {
  let running: LambdaFunction | undefined;
  afterEach(async () => {
    await running?.close();
  });
  const start = async (options: Partial<LambdaFunctionOptions> = {}) => {
    running = await startLambda({ codeFolder, runtimeClient, ...options });
    return running;
  };

  it("answers, in one process for invocation after invocation", async () => {
    const lambda = await start({ environment: { GREETING: "hello" } });
    const events = Array.from({ length: 20 }, (_, i) => ({ i, text: "é\u2028" }));
    const results = await Promise.all(events.map((event) => lambda.invoke(event)));
    expect(results).toEqual(events.map((payload) => ({ status: "ok", payload })));
    expect(await lambda.invoke({ then: "describe" })).toMatchObject({
      status: "ok",
      payload: { invocations: 21, greeting: "hello", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(lambda.coldStarts).toBe(1);
  });

  it("sees nothing of this process's environment, and how much time it has left", async () => {
    const lambda = await start({ timeoutMs: 9_000 });
    const result = await lambda.invoke({ then: "describe" });
    if (result.status === "error") throw new Error(result.errorMessage);
    const { home, remaining } = result.payload as { home?: string; remaining: number };
    expect(home).toBeUndefined();
    expect(remaining).toBeGreaterThan(5_000);
    expect(remaining).toBeLessThanOrEqual(9_000);
  });

  it("reports what the handler throws, and goes on in the same process", async () => {
    const lambda = await start();
    expect(await lambda.invoke({ then: "throw", message: "2 deliveries failed" })).toEqual({
      status: "error",
      errorType: "TypeError",
      errorMessage: "2 deliveries failed",
    });
    expect(await lambda.invoke({ a: 1 })).toEqual({ status: "ok", payload: { a: 1 } });
    expect(lambda.coldStarts).toBe(1);
  });

  it("reports an exit, and starts a new process for the next invocation", async () => {
    const lambda = await start();
    expect(await lambda.invoke({ then: "exit" })).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: "Runtime exited with error: exit status 3",
    });
    expect(await lambda.invoke({ then: "describe" })).toMatchObject({ payload: { invocations: 1 } });
    expect(lambda.coldStarts).toBe(2);
  });

  it.each(["hang", "spin"])(
    "kills a function that takes too long, whether it waits or computes: %s",
    async (then) => {
      const lambda = await start({ timeoutMs: 400 });
      expect(await lambda.invoke({ then })).toEqual({
        status: "error",
        errorType: "Sandbox.Timedout",
        errorMessage: "Task timed out after 0.40 seconds",
      });
      expect(await lambda.invoke({ b: 2 })).toMatchObject({ status: "ok" });
      expect(lambda.coldStarts).toBe(2);
    },
  );

  it("reports what goes wrong while the code is loaded", async () => {
    const lambda = await start({ handler: "broken.handler" });
    expect(await lambda.invoke({})).toMatchObject({
      status: "error",
      errorMessage: expect.stringContaining("no ledger is configured"),
    });
  });

  it("takes and gives payloads up to 6 MB, not more", async () => {
    const lambda = await start();
    const large = { text: "x".repeat(6 * 1024 * 1024 - 100) };
    expect((await lambda.invoke(large)).status).toBe("ok");
    expect(await lambda.invoke({ text: "x".repeat(6 * 1024 * 1024) })).toMatchObject({
      errorType: "RequestEntityTooLarge",
    });
  });

  it("keeps what the function prints", async () => {
    const lambda = await start();
    await lambda.invoke({ print: "one line" });
    expect(lambda.log).toContain("one line");
  });
}
