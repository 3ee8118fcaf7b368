// SPDX-License-Identifier: MIT
import { SecretsManagerClient, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import {
  createLoaderFromConfig,
  createPinoLogger,
  parseConfig,
  type EventMapping,
  type Loader,
  type LoaderConfig,
  type Logger,
} from "@ledger-loader/core";
import { revisionWriter } from "@ledger-loader/infra/extensions";
import { SqsDeadLetterSink, SqsReceiptSink } from "@ledger-loader/sqs";
import type { Context } from "aws-lambda";

/** The function that Lambda invokes. */
export type FunctionHandler<E, R> = (event: E, context?: Context) => Promise<R>;

/** Makes the handler of a channel on an open loader. */
export type HandlerFactory<E, R> = (
  loader: Loader,
  logger: Logger,
  config: LoaderConfig,
) => FunctionHandler<E, R> | Promise<FunctionHandler<E, R>>;

/**
 * Makes a Lambda function of a channel's handler.
 *
 * The loader is opened while Lambda initializes the function. If that fails, the first invocation says why, and the next
 * one tries again: a secret that could not be read for a moment must not disable the instance for as long as it lives.
 */
export function startFunction<E, R>(
  channel: string,
  createHandler: HandlerFactory<E, R>,
): FunctionHandler<E, R> {
  const open = (): Promise<FunctionHandler<E, R>> => {
    const opening = openHandler(channel, createHandler);
    // Said by the invocation that waits for it; until one does, it must not count as unhandled.
    opening.catch(() => undefined);
    return opening;
  };
  let opened = open();
  return async (event, context) => {
    const handler = await opened.catch((error: unknown) => {
      opened = open();
      throw error;
    });
    return handler(event, context);
  };
}

async function openHandler<E, R>(
  channel: string,
  createHandler: HandlerFactory<E, R>,
): Promise<FunctionHandler<E, R>> {
  const config = parseConfig(process.env);
  const logger = createPinoLogger({ level: config.logLevel });
  const loader = await createLoaderFromConfig(config, logger, {
    channel,
    name: process.env["AWS_LAMBDA_FUNCTION_NAME"],
    readSecret,
    openMapping: (name) => openNamedMapping(name, logger),
    writer: revisionWriter,
    openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
    openReceiptQueue: (queueUrl) => new SqsReceiptSink({ client: new SQSClient(), queueUrl }),
  });
  return createHandler(loader, logger, config);
}

/** Opens the mapping that `MAPPING` names. */
async function openNamedMapping(name: string, logger: Logger): Promise<EventMapping> {
  const { openMapping } = await import("@ledger-loader/mapping");
  return openMapping(name, { environment: process.env, logger });
}

/** Reads a secret's text, in the region that its ARN names. */
async function readSecret(secretId: string): Promise<string> {
  const region = secretId.split(":")[3];
  const client = new SecretsManagerClient(region === undefined ? {} : { region });
  try {
    const { SecretString: text = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return text;
  } finally {
    client.destroy();
  }
}
