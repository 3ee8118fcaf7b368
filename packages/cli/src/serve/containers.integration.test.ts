// SPDX-License-Identifier: MIT
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { SETTINGS } from "@ledger-loader/core";
import { KAFKA_SETTINGS } from "@ledger-loader/msk";
import {
  buildPackage,
  describeWhen,
  postgresAvailability,
  startKafkaStandIn,
  startPostgres,
  type KafkaBroker,
  type PostgresServer,
} from "@ledger-loader/testkit";
import { Kafka } from "kafkajs";
import { problemOfWords } from "../../test/check-words";
import {
  composeServices,
  CONTAINER,
  dockerStages,
  imageEnvironment,
  kubernetesObjects,
  workerUnit,
} from "../../test/container-files";
import { checkUnit, unitCheck } from "../../test/systemd-unit";
import { SERVE_OPTIONS } from "./serve-options";

const ENTRY_POINT = join(CONTAINER, "ledger-loader");
const HEALTH_CHECK = join(CONTAINER, "health-check");
const KNOWN = new Set([
  ...SERVE_OPTIONS.map(({ env = "" }) => env),
  ...[...Object.values(SETTINGS), ...Object.values(KAFKA_SETTINGS)].map(({ name }) => name),
  // glibc reads it, and frees memory by it.
  "MALLOC_MMAP_THRESHOLD_",
  ...["PGPASSWORD", "POD_IP", "NODE_ENV", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
]);
const unknownOf = (names: readonly string[]): string[] => names.filter((name) => !KNOWN.has(name));

describe("The Dockerfile", () => {
  const [build = [], image = []] = dockerStages();
  const textsOf = (name: string): string[] =>
    image.filter((each) => each.name === name).map(({ text }) => text);

  it("builds in one stage and ships in another, whose base has a version", () => {
    expect(dockerStages()).toHaveLength(2);
    expect(build.some(({ text }) => text.includes("deploy --prod"))).toBe(true);
    expect(textsOf("COPY")).toEqual(["--from=build /opt/ledger-loader /opt/ledger-loader"]);
  });

  it("runs as a user that is not root, and sets only variables that programs read", () => {
    expect(textsOf("USER")).toEqual(["1000:1000"]);
    expect(unknownOf(Object.keys(imageEnvironment()))).toEqual([]);
  });

  it("starts and checks programs of the folder that it ships, which can be run", () => {
    const programs = [...textsOf("ENTRYPOINT"), ...textsOf("HEALTHCHECK")].flatMap(
      (text) => /\/opt\/ledger-loader\/[\w-]+/.exec(text) ?? [],
    );
    expect(programs.map((path) => join(CONTAINER, basename(path)))).toEqual([ENTRY_POINT, HEALTH_CHECK]);
    for (const file of [ENTRY_POINT, HEALTH_CHECK]) expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(textsOf("CMD")).toEqual(['["ledger", "serve"]']);
  });
});

describe("The Compose file", () => {
  const services = Object.entries(composeServices());
  const ours = services.filter(([, { image }]) => image === "ledger-loader");

  it("starts a ledger, a worker and what they need, with a read-only root and on loopback only", () => {
    expect(services.map(([name]) => name).sort()).toEqual(["kafka", "ledger", "postgres", "worker"]);
    expect(ours.map(([, service]) => service.read_only)).toEqual([true, true]);
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it.each(ours)("gives %s arguments and variables that the command line knows", async (_, service) => {
    expect(await problemOfWords(service.command ?? [])).toBe(undefined);
    expect(unknownOf(Object.keys(service.environment ?? {}))).toEqual([]);
  });
});

describe("The example for Kubernetes", () => {
  const objects = kubernetesObjects();
  const pods = objects.flatMap((object) =>
    object.spec?.template === undefined
      ? []
      : [[object.metadata.name, object, object.spec.template] as const],
  );

  it.each(pods)(
    "runs the container of %s without root, read-only, and probed",
    (_, object, { metadata, spec }) => {
      expect(metadata.labels).toEqual(object.spec?.selector?.matchLabels);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      for (const container of spec.containers) {
        const ports = container.ports.map(({ name }) => name);
        expect(container.securityContext).toMatchObject({
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
        });
        expect(container.livenessProbe.httpGet.path).toBe("/health/live");
        expect(container.readinessProbe.httpGet.path).toBe("/health/ready");
        expect(ports).toContain(container.readinessProbe.httpGet.port);
        expect(container.image).toMatch(/:\d+\.\d+\.\d+$/);
      }
    },
  );

  it.each(pods)("gives %s arguments and variables that the command line knows", async (_, __, { spec }) => {
    const maps = objects.filter(({ kind }) => kind === "ConfigMap");
    for (const { args, env = [], envFrom = [] } of spec.containers) {
      expect(await problemOfWords(args)).toBe(undefined);
      const named = envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []);
      const data = named.map((name) => maps.find(({ metadata }) => metadata.name === name)?.data);
      expect(data).not.toContain(undefined);
      const names = [...env.map(({ name }) => name), ...data.flatMap((each) => Object.keys(each ?? {}))];
      expect(names.length).toBeGreaterThan(1);
      expect(unknownOf(names)).toEqual([]);
    }
  });
});

describe("The unit of a worker", () => {
  const unit = workerUnit();
  it("calls a command line that parses, with settings that the loader knows", async () => {
    const [, words = ""] = /^ExecStart=\/usr\/local\/bin\/ledger-loader (.*)$/m.exec(unit) ?? [];
    expect(await problemOfWords(words.split(" "))).toBe(undefined);
    expect(unknownOf([...unit.matchAll(/^Environment=(\w+)=/gm)].map(([, name = ""]) => name))).toEqual([]);
  });

  describeWhen(unitCheck, describe)("for systemd", () => {
    it("is one that systemd understands", () => {
      expect(checkUnit(unit, "ledger-loader-worker.service")).toEqual([0, []]);
    });
  });
});

describeWhen(postgresAvailability(), describe)("The containers of the Compose file, run as processes", () => {
  let postgres: PostgresServer;
  let kafka: KafkaBroker;
  let folder: string;
  const running: ChildProcess[] = [];
  beforeAll(async () => {
    // What the image holds is the built program; after a build this does nothing.
    buildPackage(join(CONTAINER, "..", "packages", "cli"));
    folder = mkdtempSync(join(tmpdir(), "cli-containers-"));
    [postgres, kafka] = await Promise.all([startPostgres({ isDurable: false }), startKafkaStandIn()]);
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  });
  afterAll(async () => {
    await kafka.close();
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The environment of a service's container, its neighbours at the addresses that they have here. */
  function environmentOf(name: string, here: Readonly<Record<string, string>>): Record<string, string> {
    const { environment = {} } = composeServices()[name] ?? { image: "" };
    const all = { ...imageEnvironment(), ...environment, ...here };
    return { PATH: process.env["PATH"] ?? "", ...all, HEALTH_PORT: "0", HEALTH_HOST: "127.0.0.1" };
  }

  /** Starts a service by the image's entry point; resolves when its health answers, with the port. */
  async function start(name: string, here: Readonly<Record<string, string>>): Promise<Started> {
    const words = composeServices()[name]?.command ?? [];
    const child = spawn(ENTRY_POINT, words, { cwd: folder, env: environmentOf(name, here) });
    running.push(child);
    const found = { endpoint: "", healthPort: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      found.endpoint ||= /https?:\/\/[\d.:]+/.exec(chunk.toString())?.[0] ?? "";
    });
    for await (const line of createInterface({ input: child.stderr })) {
      found.healthPort = /"(?:health|url)":"http:\/\/[\d.]+:(\d+)"/.exec(line)?.[1] ?? "";
      if (found.healthPort !== "") break;
    }
    child.stderr.resume();
    return { child, found };
  }

  const checkHealth = (path: string, port: string) =>
    promisify(execFile)(HEALTH_CHECK, [path], { env: { PATH: process.env["PATH"], HEALTH_PORT: port } });

  async function call(words: readonly string[], endpoint: string): Promise<string> {
    const env = { PATH: process.env["PATH"], LEDGER_ENDPOINT: endpoint };
    return (await promisify(execFile)(ENTRY_POINT, words, { env })).stdout;
  }

  it("the worker loads a topic into the ledger on PostgreSQL, and both are healthy", async () => {
    const ledger = await start("ledger", {
      LEDGER_LOADER_POSTGRES_URL: postgres.url,
      PGPASSWORD: postgres.password,
      LEDGER_SERVE_HOST: "127.0.0.1",
      LEDGER_SERVE_PORT: "0",
    });
    await checkHealth("ready", ledger.found.healthPort);
    const { endpoint } = ledger.found;
    await call(["ledger", "create", "vehicles"], endpoint);
    await kafka.createTopic("events", 1);
    const producer = new Kafka(kafka.clientConfig).producer();
    await producer.connect();
    const value = '{"op":"INSERT","table":"Vehicle","id":"v1","version":0,"data":{"make":"Audi"}}';
    await producer.send({ topic: "events", messages: [{ key: "v1", value }] });
    await producer.disconnect();

    const worker = await start("worker", {
      LEDGER_ENDPOINT: endpoint,
      KAFKA_BROKERS: kafka.brokers.join(),
      DEAD_LETTERS: `file:${join(folder, "letters.jsonl")}`,
    });
    await checkHealth("live", worker.found.healthPort);
    let rows = "";
    while (!rows.includes("Audi")) {
      rows = await call(["ledger", "query", "vehicles", "SELECT * FROM Vehicle"], endpoint).catch(() => "");
    }
    worker.child.kill("SIGTERM");
    expect((await once(worker.child, "exit"))[0]).toBe(0);
    ledger.child.kill("SIGTERM");
    expect((await once(ledger.child, "exit"))[0]).toBe(0);
    await expect(checkHealth("live", ledger.found.healthPort)).rejects.toThrow("nothing answers on port");
  });
});

interface Started {
  readonly child: ChildProcess;
  readonly found: { readonly endpoint: string; readonly healthPort: string };
}
