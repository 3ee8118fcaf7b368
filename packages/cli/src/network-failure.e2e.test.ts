// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { buildPackage, startLedger, type TestLedger } from "@ledger-loader/testkit";
import { CommandProcess } from "../test/command-process";

const root = join(__dirname, "..", "..", "..");
const fixtures = join(__dirname, "..", "test", "fixtures");
const servers: net.Server[] = [];
const urls: Record<string, string> = {};
let ledger: TestLedger;
let folder: string;
let commands: CommandProcess;

/** Longer than the shortest `--until-idle`: that nothing came by then says nothing about the queue. */
const LATE_MS = 1_200;

const html =
  (status: number): http.RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "text/html", location: "/elsewhere" });
    response.end("<html>Welcome</html>");
  };

async function listen(name: string, server: net.Server, scheme = "http"): Promise<void> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  urls[name] = `${scheme}://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

beforeAll(async () => {
  buildPackage(join(root, "packages", "cli"));
  for (const status of [200, 302, 404, 503]) await listen(`html ${status}`, http.createServer(html(status)));
  const empty: http.RequestListener = (_request, response) => response.end("{}");
  await listen("empty JSON", http.createServer(empty));
  const key = readFileSync(join(fixtures, "self-signed.key.pem"));
  const cert = readFileSync(join(fixtures, "self-signed.cert.pem"));
  await listen("self-signed", https.createServer({ key, cert }, html(200)), "https");
  await listen("plain HTTP", http.createServer(html(200)), "https");
  await listen(
    "SSH",
    net.createServer((socket) => socket.on("error", () => undefined).end("SSH-2.0-OpenSSH\r\n")),
  );
  await listen(
    "closing",
    net.createServer((socket) => socket.on("error", () => undefined).destroy()),
  );
  let late: Promise<void> | undefined;
  const closeLate = async (socket: net.Socket): Promise<void> => {
    socket.on("error", () => undefined);
    await (late ??= sleep(LATE_MS));
    socket.destroy();
  };
  await listen(
    "closing late",
    net.createServer((socket) => void closeLate(socket)),
  );
  urls["unknown host"] = "http://nowhere.invalid";
  ledger = await startLedger({ name: "cars" });
  commands = new CommandProcess();
  folder = mkdtempSync(join(tmpdir(), "sources-"));
  const gone = net.createServer();
  await listen("refused", gone);
  await new Promise((resolve) => gone.close(resolve));
});
afterAll(async () => {
  // No command has left anything open, or written past its streams.
  expect(await commands.close()).toEqual({ exitCode: 0, output: "" });
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
  await ledger.close();
});

const FOUND: readonly (readonly [name: string, found: RegExp])[] = [
  ["html 200", /answer of another kind of server \(status 200, text\/html\)/],
  ["html 302", /answer of another kind of server \(status 302, text\/html\)/],
  ["html 404", /answer of another kind of server \(status 404, text\/html\)/],
  ["html 503", /answer of another kind of server \(status 503, text\/html\)/],
  ["empty JSON", /answer of another kind of server \(status 200\)/],
  ["self-signed", /TLS certificate that is not trusted here.*NODE_EXTRA_CA_CERTS/],
  ["plain HTTP", /a server that speaks no TLS\. Begin its URL with http:\/\//],
  ["SSH", /a server that does not speak HTTP/],
  ["closing", /a connection that was closed without an answer/],
  ["unknown host", /no host of that name/],
  ["refused", /nothing that listens there/],
];

const ENDING = /^error: no ledger server answers at \S+, found [^\n]*\[SERVER_UNREACHABLE\]\n$/;

describe("a server that is no ledger", () => {
  it.each(FOUND)("is told for what it is: %s", async (name, found) => {
    const result = await commands.run(["ledger", "query", "cars", "SELECT", "--endpoint", urls[name] ?? ""]);
    expect([result.exitCode, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toMatch(found);
    expect(result.stderr).toMatch(ENDING);
  });

  it.each([
    ["ledger create cars", "html 200"],
    ["ledger list", "empty JSON"],
    ["ledger describe cars", "plain HTTP"],
    ["ledger delete cars --unprotect", "html 200"],
    ["ledger delete cars", "empty JSON"],
    ["ledger digest cars", "self-signed"],
    ["ledger verify cars", "SSH"],
    ["ledger export cars --output /nowhere/there", "html 404"],
    ["load - --to ledger:cars", "self-signed"],
    ["redrive /nowhere/letters --ledger cars", "html 503"],
    ["consume kafka:events --ledger cars", "plain HTTP"],
  ])("is told by %s: %s", async (words, name) => {
    const result = await commands.run([...words.split(" "), "--endpoint", urls[name] ?? ""]);
    expect([result.exitCode, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toMatch(FOUND.find(([each]) => each === name)?.[1] ?? "");
    expect(result.stderr).toMatch(ENDING);
  });
});

describe("a source that does not answer", () => {
  const arn = "dynamodb:arn:aws:dynamodb:eu-west-1:123456789012:table/Car/stream/2026-01-01T00:00:00.000";

  it.each([
    ["sqs", "refused", "QUEUE_REFUSED"],
    ["sqs", "closing", "QUEUE_REFUSED"],
    ["sqs", "closing late", "QUEUE_REFUSED"],
    ["kinesis:events", "unknown host", "STREAM_REFUSED"],
    [arn, "refused", "STREAM_REFUSED"],
  ])("is not taken for an empty one by consume %s: %s", async (source, name, code) => {
    const url = urls[name] ?? "";
    const from = source === "sqs" ? `sqs:${url}/123456789012/events` : source;
    const words = ["consume", from, "--ledger", "cars", "--endpoint", ledger.endpoint, "--until-idle", "1"];
    const checkpoints = source === "sqs" ? [] : ["--checkpoints", join(folder, `${code}-${name}`)];
    const result = await commands.run([...words, ...checkpoints], { env: { AWS_ENDPOINT_URL: url } });
    expect([result.exitCode, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toMatch(FOUND.find(([each]) => name.startsWith(each))?.[1] ?? "");
    expect(result.stderr).toContain(`[${code}]`);
  });
});

describe("a bucket", () => {
  it.each([
    [
      "refused",
      /be able to read s3:\/\/exports\/2020\/, found nothing that listens there\. .*\[BUCKET_REFUSED\]/,
    ],
    ["html 404", /be able to read s3:\/\/exports\/2020\/, found .*\[BUCKET_REFUSED\]/],
    [
      "html 200",
      /listing of the objects at s3:\/\/exports\/2020\/, found an answer of another kind of server/,
    ],
  ])("is told by export verify: %s", async (name, found) => {
    const words = ["export", "verify", "s3://exports/2020/"];
    const result = await commands.run(words, { env: { AWS_ENDPOINT_URL: urls[name] ?? "" } });
    expect([result.exitCode, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toMatch(found);
  });
});

describe("a service of AWS that is none", () => {
  it.each([
    ["sqs", "self-signed", "QUEUE_REFUSED"],
    ["sqs", "html 302", "QUEUE_REFUSED"],
    ["sns:arn:aws:sns:us-east-1:123456789012:events", "empty JSON", "TOPIC_REFUSED"],
    ["sns:arn:aws:sns:us-east-1:123456789012:events", "plain HTTP", "TOPIC_REFUSED"],
    ["kinesis:events", "SSH", "STREAM_REFUSED"],
    ["kinesis:events", "html 404", "STREAM_REFUSED"],
    ["eventbridge:events", "refused", "BUS_REFUSED"],
    ["eventbridge:events", "html 200", "BUS_REFUSED"],
  ])("is told by load --to %s: %s", async (target, name, code) => {
    const url = urls[name] ?? "";
    const to = target === "sqs" ? `sqs:${url}/123456789012/events` : target;
    const stdin = '{"op":"INSERT","table":"Car","id":"1","version":0,"data":{"a":1}}';
    const result = await commands.run(["load", "-", "--to", to], { env: { AWS_ENDPOINT_URL: url }, stdin });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(FOUND.find(([each]) => each === name)?.[1] ?? "");
    expect(result.stderr).toContain(`[${code}]`);
    expect(result.stderr).not.toContain("a bug of");
  });
});
