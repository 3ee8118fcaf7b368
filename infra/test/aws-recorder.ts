// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where requests to services are answered. */
export interface RecordedServices {
  /** Where the URLs of queues begin. */
  readonly queues: string;
  /** QLDB's Session API. */
  readonly qldb: string;
  /** Texts of secrets, by ARN. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Stands where AWS would, and notes the action that each request needs. */
export interface AwsRecorder {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** What the requests so far needed, as `ACTION on RESOURCE`. */
  readonly permissions: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Starts a recorder on a free port of the loopback interface. */
export async function startAwsRecorder(services: RecordedServices): Promise<AwsRecorder> {
  const permissions = new Set<string>();
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const service = serviceOf(incoming);
      const [, operation = ""] = String(incoming.headers["x-amz-target"]).split(".");
      for (const each of permissionsOf(service, operation, body.toString("utf8"))) permissions.add(each);
      if (service === "secretsmanager") answerSecret(services.secrets, body.toString("utf8"), response);
      else if (service === "sqs") {
        // The function knows its queue by a URL that leads here.
        const own = `http://${incoming.headers.host ?? ""}`;
        const text = body.toString("utf8").replaceAll(own, services.queues);
        forward(services.queues, incoming, Buffer.from(text), response);
      } else if (service === "qldb") forward(services.qldb, incoming, body, response);
      else response.writeHead(501).end(`no such service here: ${service}`);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    permissions,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The service is part of what a request is signed for: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
function serviceOf({ headers }: IncomingMessage): string {
  return (
    /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1] ??
    "unsigned"
  );
}

/** The function knows one queue and one ledger; secrets are named in the request. */
function permissionsOf(service: string, operation: string, body: string): readonly string[] {
  if (service === "qldb") return ["qldb:SendCommand on LEDGER", ...partiQlPermissions(body)];
  // A batch needs the action of its parts.
  const action = `${service}:${operation.replace(/Batch$/, "")}`;
  const { SecretId: secret } = JSON.parse(body) as { SecretId?: string };
  return [`${action} on ${secret ?? "LoaderDeadLetters"}`];
}

const PARTIQL: readonly (readonly [RegExp, string])[] = [
  [/^\s*SELECT\b/i, "PartiQLSelect"],
  [/^\s*INSERT\b/i, "PartiQLInsert"],
  [/^\s*UPDATE\b/i, "PartiQLUpdate"],
  [/^\s*DELETE\b/i, "PartiQLDelete"],
  [/^\s*CREATE TABLE\b/i, "PartiQLCreateTable"],
  [/^\s*CREATE INDEX\b/i, "PartiQLCreateIndex"],
  [/\bhistory\s*\(/i, "PartiQLHistoryFunction"],
];

/** Source: QLDB's developer guide, "Running PartiQL statements": permissions by kind of statement. */
function partiQlPermissions(body: string): readonly string[] {
  const { ExecuteStatement: execute } = JSON.parse(body) as { ExecuteStatement?: { Statement: string } };
  if (execute === undefined) return [];
  const { Statement: statement } = execute;
  const resource = /\binformation_schema\b/i.test(statement)
    ? "LEDGER/information_schema/user_tables"
    : "LEDGER/table/*";
  return PARTIQL.filter(([form]) => form.test(statement)).map(
    ([, action]) => `qldb:${action} on ${resource}`,
  );
}

function answerSecret(secrets: RecordedServices["secrets"], body: string, response: ServerResponse): void {
  const { SecretId: id } = JSON.parse(body) as { SecretId: string };
  response.setHeader("content-type", "application/x-amz-json-1.1");
  response.end(JSON.stringify({ ARN: id, SecretString: secrets[id] }));
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(endpoint: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, url } = incoming;
  const { host } = new URL(endpoint);
  const headers = { ...incoming.headers, "content-length": body.length };
  const onward = request(
    new URL(url ?? "/", endpoint),
    { method, headers: { ...headers, host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  onward.end(body);
}
