// SPDX-License-Identifier: MIT
import { connect, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { LogFields } from "@ledger-loader/core";
import { createKafkaClient, createKafkaPublisher } from "@ledger-loader/msk";
import { startKafkaStandIn, type KafkaBroker } from "@ledger-loader/testkit";
import { toSasl } from "./client";

describe("IAM", () => {
  const before = { ...process.env };
  beforeAll(() => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" });
  });
  afterAll(() => {
    process.env = before;
  });

  it("signs on with a request to connect, signed for the cluster's region and valid for 15 minutes", async () => {
    const sasl = toSasl({ kind: "iam", region: "eu-west-1" });
    if (sasl?.mechanism !== "oauthbearer") throw new Error("Expected IAM to be an OAuth provider.");
    const { value } = await sasl.oauthBearerProvider();
    const url = new URL(Buffer.from(value, "base64url").toString());
    expect(url.host).toBe("kafka.eu-west-1.amazonaws.com");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: "kafka-cluster:Connect",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": expect.stringMatching(
        /^AKIDEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/,
      ),
      "X-Amz-Expires": "900",
    });
    expect(value).not.toContain("secret");
  });
});

it.each(["plain", "scram-sha-256", "scram-sha-512"] as const)("hands user and password of %s on", (kind) => {
  expect(toSasl({ kind, username: "u", password: "p" })).toEqual({
    mechanism: kind,
    username: "u",
    password: "p",
  });
});

it("asks any other OAuth provider for its token", async () => {
  const sasl = toSasl({ kind: "oauth-bearer", token: () => Promise.resolve({ value: "token" }) });
  if (sasl?.mechanism !== "oauthbearer") throw new Error("Expected an OAuth provider.");
  expect(await sasl.oauthBearerProvider()).toEqual({ value: "token" });
});

describe("a client", () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await startKafkaStandIn();
  });
  afterAll(() => broker.close());

  it("logs what KafkaJS says, without what the brokers sent", async () => {
    const lines: [fields: LogFields, message: string][] = [];
    const log = (fields: LogFields, message: string) => void lines.push([fields, message]);
    const logger = { debug: log, info: log, warn: log, error: log };
    const client = createKafkaClient({ brokers: broker.brokers, tls: false, logger });
    await expect(createKafkaPublisher({ client, topic: "none" }).publish(nothing())).rejects.toMatchObject({
      code: "KAFKA_REFUSED",
    });
    for (const [fields] of lines) expect(Object.keys(fields)).toEqual(["namespace"]);
  });

  const find = async (brokers: readonly string[], tls: boolean | undefined) => {
    const client = createKafkaClient({ brokers, ...(tls === undefined ? {} : { tls }) });
    return createKafkaPublisher({ client, topic: "events" })
      .publish(nothing())
      .catch((error: unknown) => error);
  };

  it("that encrypts, as by default, sends a broker in plain text nothing before it knows, and says which setting changes it", async () => {
    const relay = await startRelay(broker.brokers[0]!);
    const error = await find([relay.address], undefined);
    relay.server.close();
    expect(error).toMatchObject({ code: "KAFKA_TLS", retryable: false, broker: relay.address });
    expect((error as Error).message).toBe(
      `Expected to find the topic events by TLS, which is the default, but the broker ${relay.address} speaks plain text. ` +
        "For a network that you trust, set KAFKA_TLS=false (in code: tls: false). Otherwise name a port of the broker with TLS.",
    );
    // The last connection is the one that asked whether the broker speaks plain text.
    const TLS_HANDSHAKE = 22;
    expect(new Set(relay.firstBytes.slice(0, -1))).toEqual(new Set([TLS_HANDSHAKE]));
  });

  it("that speaks plain text to a server of TLS is told so", async () => {
    // It has no certificate, so that it refuses each handshake: by TLS.
    const server = createTlsServer({}).on("tlsClientError", () => undefined);
    const port = await listen(server);
    const error = await find([`127.0.0.1:${port}`], false);
    server.close();
    expect(error).toMatchObject({ code: "KAFKA_TLS", broker: `127.0.0.1:${port}` });
    expect((error as Error).message).toContain(
      `but the broker 127.0.0.1:${port} speaks TLS. Remove KAFKA_TLS=false`,
    );
  });
});

/** A way to a broker that notes the first byte of each connection. */
async function startRelay(
  broker: string,
): Promise<{ readonly address: string; readonly server: Server; readonly firstBytes: readonly number[] }> {
  const firstBytes: number[] = [];
  const [host = "", port] = broker.split(":");
  const server = createServer((socket) => {
    const behind = connect(Number(port), host);
    socket.once("data", (bytes) => firstBytes.push(bytes[0]!));
    socket.pipe(behind).pipe(socket);
    socket.on("error", () => behind.destroy());
    behind.on("error", () => socket.destroy());
  });
  return { address: `127.0.0.1:${await listen(server)}`, server, firstBytes };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

async function* nothing(): AsyncGenerator<never> {
  // A source that is empty.
}
