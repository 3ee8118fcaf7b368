// SPDX-License-Identifier: MIT
// The process in which `startLambda` runs a handler: it asks the Runtime API for an event, calls the handler, posts what
// comes of it, and asks again, as AWS's own runtime clients do. Handlers are async functions, as newer runtimes demand.
// It ends when the Runtime API is gone.
const { existsSync } = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

void main();

async function main() {
  let handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    await request("POST", "/runtime/init/error", failure(error));
    process.exit(1);
  }
  for (;;) {
    const { headers, body } = await request("GET", "/runtime/invocation/next");
    const id = headers["lambda-runtime-aws-request-id"];
    process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
    try {
      const result = await handler(JSON.parse(body), contextOf(id, headers));
      await request("POST", `/runtime/invocation/${id}/response`, JSON.stringify(result) ?? "null");
    } catch (error) {
      await request("POST", `/runtime/invocation/${id}/error`, failure(error));
    }
  }
}

async function loadHandler() {
  const [file, name] = process.env._HANDLER.split(/\.(?=[^.]+$)/);
  const base = path.resolve(process.env.LAMBDA_TASK_ROOT, file);
  const found = [".js", ".mjs", ".cjs"].map((extension) => base + extension).find((f) => existsSync(f));
  if (found === undefined) throw named("Runtime.ImportModuleError", `Cannot find module '${file}'`);
  const loaded = await import(pathToFileURL(found).href);
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== "function") {
    throw named("Runtime.HandlerNotFound", `${process.env._HANDLER} is undefined or not exported`);
  }
  return handler;
}

function contextOf(awsRequestId, headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    awsRequestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function request(method, route, body) {
  return new Promise((resolve) => {
    const call = http.request(
      {
        host,
        port,
        agent,
        method,
        path: `/2018-06-01${route}`,
        headers: { "content-type": "application/json" },
      },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.on("error", () => process.exit(0));
    call.end(body);
  });
}

function failure(error) {
  const isError = error instanceof Error;
  return JSON.stringify({
    errorType: isError ? error.name : typeof error,
    errorMessage: isError ? error.message : String(error),
    trace: isError ? (error.stack ?? "").split("\n") : [],
  });
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}
