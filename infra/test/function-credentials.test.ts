// SPDX-License-Identifier: MIT
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import { defaultProvider } from "../lambda/function-credentials";

const environment = process.env;
afterEach(() => {
  process.env = environment;
});

it("takes a function's credentials from the environment", async () => {
  process.env = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" };
  const credentials = { accessKeyId: "key", secretAccessKey: "secret", sessionToken: "token" };
  expect(await defaultProvider()()).toMatchObject(credentials);
});

it("takes them from the address that the environment names, where the environment has none", async () => {
  const answer = {
    AccessKeyId: "key",
    SecretAccessKey: "secret",
    Token: "token",
    Expiration: "2999-01-01T00:00:00Z",
  };
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    process.env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials` };
    expect(await defaultProvider()()).toMatchObject({ accessKeyId: "key", sessionToken: "token" });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
