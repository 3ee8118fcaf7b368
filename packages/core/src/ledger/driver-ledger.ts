// SPDX-License-Identifier: MIT
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import type { QldbDriver, TransactionExecutor } from "amazon-qldb-driver-nodejs";
import type { dom } from "ion-js";
import { toLedgerError } from "./driver-errors";
import { executeStatement } from "./execute-statement";
import type { Ledger, Transaction } from "./ledger";
import { hasAwsCredentials } from "./has-aws-credentials";
import { loadDriver } from "./load-driver";
import { Semaphore } from "./semaphore";
import { withoutUndefined } from "../without-undefined";

/** Keys with which requests to a ledger are signed (AWS Signature Version 4). */
export interface LedgerCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they must be asked for again. Default: never. */
  readonly expiration?: Date;
}

/** How to reach a ledger. */
export interface DriverLedgerOptions {
  readonly ledgerName: string;
  /** The AWS region; it is part of the signature also where the endpoint is given. @defaultValue `"us-east-1"` */
  readonly region?: string | undefined;
  /** The ledger's address, such as `http://127.0.0.1:8182`. Default: the SDK's own for the region. */
  readonly endpoint?: string | undefined;
  /**
   * Keys to sign with, or what provides them; keys that expire are asked for again. Default: the SDK's provider chain; for
   * an endpoint on this machine, any keys if the environment names none ({@link hasAwsCredentials}).
   */
  readonly credentials?: LedgerCredentials | (() => Promise<LedgerCredentials>) | undefined;
  /** Transactions that may run at the same time; more wait. @defaultValue `10` */
  readonly sessions?: number | undefined;
  /** How often a transaction is rerun after a conflict. @defaultValue `8` */
  readonly occRetries?: number | undefined;
}

const SESSIONS = 10;
const OCC_RETRIES = 8;
const CONNECTION_TIMEOUT_MS = 5_000;
/** QLDB ends a transaction after 30 s, so an answer that takes longer is of no use. */
const REQUEST_TIMEOUT_MS = 35_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** The ledger behind QLDB's Session API, through the official driver. */
export class DriverLedger implements Ledger {
  readonly #options: DriverLedgerOptions;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #permits: Semaphore;
  #driver: QldbDriver;

  constructor(options: DriverLedgerOptions) {
    const sessions = options.sessions ?? SESSIONS;
    this.#options = options;
    this.#permits = new Semaphore(sessions);
    // The driver refuses more sessions than its agent has sockets.
    const agentOptions = { keepAlive: true, maxSockets: sessions };
    this.#agent = isPlainHttp(options) ? new HttpAgent(agentOptions) : new HttpsAgent(agentOptions);
    this.#driver = this.#open();
  }

  async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    // Beyond its pool the driver throws; here one waits.
    await this.#permits.acquire();
    const driver = this.#driver;
    const trace = new LedgerTrace();
    try {
      return await driver.executeLambda(async (executor) => trace.follow(executor, work));
    } catch (error) {
      if (!trace.hasStarted) this.#renew(driver);
      throw trace.isOwn(error) ? toLedgerError(error, trace.hasStarted, this.#occRetries() + 1) : error;
    } finally {
      this.#permits.release();
    }
  }

  async close(): Promise<void> {
    this.#driver.close();
    // The driver sends EndSession without waiting for it.
    for (
      let waited = 0;
      waited < CLOSE_TIMEOUT_MS && Object.keys(this.#agent.sockets).length > 0;
      waited += 10
    ) {
      await delay(10);
    }
    this.#agent.destroy();
  }

  #occRetries(): number {
    return this.#options.occRetries ?? OCC_RETRIES;
  }

  /**
   * Starts over with a new driver: when sessions cannot be opened, driver 3.1.0 loses their places in its pool, and
   * after an outage would refuse everything as `SessionPoolEmptyError`.
   */
  #renew(failed: QldbDriver): void {
    if (this.#driver === failed) this.#driver = this.#open();
  }

  #open(): QldbDriver {
    const { ledgerName, region = "us-east-1", endpoint, credentials } = this.#options;
    const keys =
      credentials ??
      (isLocal(endpoint) && !hasAwsCredentials(process.env)
        ? { accessKeyId: "local", secretAccessKey: "local" }
        : undefined);
    const httpOptions = { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
    const { defaultRetryConfig, QldbDriver: Driver, RetryConfig } = loadDriver();
    return new Driver(
      ledgerName,
      // All requests of a kind go the same way through the SDK: found once, and not for each.
      withoutUndefined({ region, endpoint, credentials: keys, cacheMiddleware: true }),
      isPlainHttp(this.#options)
        ? { ...httpOptions, httpAgent: this.#agent }
        : { ...httpOptions, httpsAgent: this.#agent as HttpsAgent },
      this.#options.sessions ?? SESSIONS,
      new RetryConfig(this.#occRetries(), defaultRetryConfig.getBackoffFunction()),
    );
  }
}

/** Follows one `transact` through its attempts, to tell errors of the ledger from those of the work. */
class LedgerTrace {
  /** True if the last attempt got as far as a transaction. */
  hasStarted = false;
  #hasReturned = false;
  readonly #errors = new Set<unknown>();
  readonly #thrownByWork = new Set<unknown>();

  async follow<T>(executor: TransactionExecutor, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.hasStarted = true;
    this.#hasReturned = false;
    try {
      const result = await work({
        transactionId: executor.getTransactionId(),
        execute: (statement, ...parameters) => this.#execute(executor, statement, parameters),
        stream: (statement, ...parameters) => this.#stream(executor, statement, parameters),
      });
      this.#hasReturned = true;
      return result;
    } catch (error) {
      this.#thrownByWork.add(error);
      throw error;
    }
  }

  /** True if the error came from the ledger or the way there: before the work, from a statement or at commit. */
  isOwn(error: unknown): boolean {
    return this.#hasReturned || this.#errors.has(error) || !this.#thrownByWork.has(error);
  }

  async #execute(
    executor: TransactionExecutor,
    statement: string,
    parameters: readonly dom.Value[],
  ): Promise<readonly dom.Value[]> {
    try {
      return await executeStatement(executor, statement, parameters);
    } catch (error) {
      this.#errors.add(error);
      throw error;
    }
  }

  async *#stream(
    executor: TransactionExecutor,
    statement: string,
    parameters: readonly dom.Value[],
  ): AsyncIterable<dom.Value> {
    try {
      // The driver's readable stream fetches the next page when the rows of the last one are taken.
      yield* (await executor.executeAndStreamResults(statement, ...parameters)) as AsyncIterable<dom.Value>;
    } catch (error) {
      this.#errors.add(error);
      throw error;
    }
  }
}

function isPlainHttp({ endpoint }: DriverLedgerOptions): boolean {
  return endpoint?.startsWith("http://") === true;
}

function isLocal(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false;
  const { hostname } = new URL(endpoint);
  return hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
}
