// SPDX-License-Identifier: MIT
import type {
  BodyReader,
  Consumer,
  DeadLetter,
  DeliveryContent,
  Environment,
  Loader,
  Logger,
  Metrics,
  Publisher,
} from "@ledger-loader/core";
import type { ItemOptions } from "../options/item-options";
import type { Terminal } from "../output/terminal";
import type { Reachability } from "./reachability";

/**
 * All that the command line knows of a kind of channel; one file each, registered in `index.ts`.
 *
 * Help and the check of a command line ask all kinds: a channel's file loads its package and its client where it uses them.
 */
export interface Channel {
  /** How `--to KIND:NAME` sends events there; absent: it cannot be sent to. */
  readonly target?: TargetAccess;
  /** How `consume KIND:NAME` takes events from there; absent: it cannot be consumed. */
  readonly source?: SourceAccess;
  /** How `redrive` reads its dead letters, by the channel that a letter names. */
  readonly letters?: Readonly<Record<string, LetterAccess>>;
}

/** The properties of the name of every end of a channel. */
interface NamedEnd {
  /** The text behind the colon: `QUEUE-URL`. */
  readonly form: string;
  readonly accepts: (name: string) => boolean;
}

export interface TargetAccess extends NamedEnd {
  /** Completes "`sqs:QUEUE-URL` …". */
  readonly does: string;
  /** When everything that was sent has been loaded; completes "once …". */
  readonly consumed: string;
  /** Runs `work` with a publisher that sends events there, then ends what it needed. */
  readonly withPublisher: <T>(
    name: string,
    setup: TargetSetup,
    work: (publisher: Publisher) => Promise<T>,
  ) => Promise<T>;
}

/** The parts of a target of any channel. */
export interface TargetSetup {
  readonly env: Terminal["env"];
  readonly region: string | undefined;
  /** Names the run: a FIFO queue or topic swallows what is sent twice under one name within five minutes. */
  readonly runId: string;
  /** True if many events are packed into one record. */
  readonly aggregate: boolean;
}

export interface SourceAccess extends NamedEnd {
  readonly example: string;
  /** The options that mean something to this kind beyond those that every kind has. */
  readonly options: readonly OwnOption[];
  /** Settings that are others than the loader's defaults; weaker than the environment. */
  readonly defaults?: (env: Terminal["env"], options: SourceOptions) => Environment;
  /** True if the channel's own options say what its records become, so that it takes no mapping. */
  readonly mapsByItself?: true;
  /** The channel's name in dead letters and metrics. */
  readonly channelOf: (options: SourceOptions) => string;
  /** Runs `work` with a consumer of what has this name, then ends what it needed. */
  readonly withConsumer: (name: string, setup: ConsumerSetup, work: ConsumerWork) => Promise<void>;
}

/** @param reachability - of a channel whose consumer goes on trying when nothing answers. */
export type ConsumerWork = (consumer: Consumer, reachability?: Reachability) => Promise<void>;

/** The parts of a consumer of any channel. */
export interface ConsumerSetup {
  readonly env: Terminal["env"];
  readonly options: SourceOptions;
  readonly loader: Loader;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The options of `consume` that a channel reads. */
export interface SourceOptions extends OwnOptions {
  readonly ledger: string;
  readonly group: string;
  readonly region?: string;
  readonly untilIdle?: number;
}

interface OwnOptions extends ItemOptions {
  readonly checkpoints?: string;
  readonly lease?: number;
  readonly qldbStream?: true;
  readonly from?: Date;
}

/** An option that only some kinds of channels have. */
export type OwnOption = keyof OwnOptions;

/** Decodes the bytes that a letter keeps; a mapping reads them in place of `decodeEvents`. */
export type BodyDecoder = (body: DeadLetter["body"], read?: BodyReader) => DeliveryContent;

/** How letters are decoded: from their bytes alone, or by a mapping that the function's settings describe. */
export type LetterAccess =
  | { readonly decode: BodyDecoder }
  | {
      /** `undefined` where the environment has no such settings. */
      readonly openDecoder: (environment: Environment) => Promise<BodyDecoder | undefined>;
    };

/** For names that may be anything. */
export function isNamed(name: string): boolean {
  return name !== "";
}
