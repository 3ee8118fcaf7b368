// SPDX-License-Identifier: MIT
import {
  type DeadLetter,
  type Delivery,
  type DeliveryContent,
  type DeliveryReport,
  type LetterBox,
  type Loader,
  type RevisionEvent,
  type SettledLetter,
  type TakenLetter,
  causeOfFailure,
  comparePositions,
  decodeEvents,
  recordKey,
} from "@ledger-loader/core";

/** The options of {@link redriveLetters}. */
export interface RedriveOptions {
  readonly box: LetterBox;
  /** Where the letters' events go. For a dry run it MUST be made with `dryRun`. */
  readonly loader: Loader;
  /** Only looks: no letter is moved. */
  readonly dryRun: boolean;
  /**
   * Decodes a letter, by its channel; `undefined` where it cannot tell how: such letters stay as they are.
   * Default: the events that the letter keeps, else its bytes by `decodeEvents`, right for plain events.
   */
  readonly decode?: ((letter: DeadLetter) => DeliveryContent | undefined) | undefined;
  /** Stops after the batch under way; what was applied until then is done with. */
  readonly signal?: AbortSignal;
  /** Called now and then with the number of letters seen to in this round. */
  readonly onProgress?: (letters: number) => void;
}

/** The result of one letter. */
export interface RedrivenLetter {
  /** Where it was in its box. */
  readonly place: string;
  /** Where it stood in its channel; absent where there was no letter to read. */
  readonly origin?: string;
  readonly channel?: string;
  /**
   * - `applied`: at least one of its events was written, and none is left.
   * - `needless`: all of its events are in the ledger already, or were overtaken.
   * - `kept`: something in it could not be applied.
   * - `unreadable`: no letter; left as it was.
   */
  readonly result: "applied" | "needless" | "kept" | "unreadable";
  /** Why it is kept. */
  readonly reason?: DeadLetter["reason"] | undefined;
  readonly detail?: string | undefined;
  readonly waitingFor?: DeadLetter["waitingFor"];
}

/** The result of the letters. */
export interface RedriveReport {
  readonly letters: number;
  readonly applied: number;
  readonly needless: number;
  readonly kept: number;
  readonly unreadable: number;
  /** Events written; in a dry run, those that would be. */
  readonly written: number;
  /** Every letter, in the order in which they were tried. */
  readonly redriven: readonly RedrivenLetter[];
  /** `false`: stopped, or the box may hold more than could be taken at once. */
  readonly complete: boolean;
}

/** A letter that could be read, with what orders it. */
interface Parked {
  readonly taken: TakenLetter;
  readonly letter: DeadLetter;
  /** Decodes what is still to be applied; throws where the bytes cannot be decoded. Absent where no decoder is known. */
  readonly decode: (() => DeliveryContent) | undefined;
  readonly first: RevisionEvent | undefined;
}

/** Letters per batch. */
const BATCH_SIZE = 500;

/**
 * Applies parked letters: per record in the order of versions or positions, else in the order in which they were parked.
 *
 * What was applied, or is proven to be in the ledger, leaves the box; the rest stays, with what is known of it now. Letters
 * that need each other, such as source transactions over several records, are tried again as long as that helps.
 *
 * @throws LedgerUnavailableError when the ledger gives no answer; all letters are still in the box then.
 */
export async function redriveLetters(options: RedriveOptions): Promise<RedriveReport> {
  const { box, dryRun } = options;
  const { letters, complete } = await box.take(dryRun);
  let reports: ReadonlyMap<string, Attempt> = new Map();
  const parked = inOrder(letters.flatMap((taken) => toParked(taken, options.decode ?? decodePlain)));
  try {
    reports = await applyAll(parked, options);
  } finally {
    if (!dryRun) await box.settle(parked.flatMap((each) => settled(each, reports.get(each.taken.place))));
  }
  const unreadable = letters.filter(({ letter }) => letter === undefined);
  const redriven = [
    ...parked.map((each) => toRedriven(each, reports.get(each.taken.place))),
    ...unreadable.map(({ place, problem }): RedrivenLetter => {
      return { place, result: "unreadable", detail: problem };
    }),
  ];
  const count = (result: RedrivenLetter["result"]): number =>
    redriven.filter((each) => each.result === result).length;
  return {
    letters: letters.length,
    applied: count("applied"),
    needless: count("needless"),
    kept: count("kept"),
    unreadable: count("unreadable"),
    written: [...reports.values()].reduce((sum, { written }) => sum + written, 0),
    redriven,
    complete: complete && options.signal?.aborted !== true,
  };
}

/** The knowledge about a letter that was tried, over all attempts. */
interface Attempt {
  /** The last report about it. */
  readonly report: DeliveryReport;
  readonly written: number;
  /** True if the last attempt wrote anything. */
  readonly hasHelped: boolean;
}

/** Tries letters until no attempt helps any more; returns what became of each, by its place. */
async function applyAll(
  parked: readonly Parked[],
  { loader, signal, onProgress }: RedriveOptions,
): Promise<ReadonlyMap<string, Attempt>> {
  const attempts = new Map<string, Attempt>();
  let left = parked.filter(({ decode }) => decode !== undefined);
  for (let helped = true; helped && left.length > 0;) {
    helped = false;
    const failed: Parked[] = [];
    for (let from = 0; from < left.length; from += BATCH_SIZE) {
      if (signal?.aborted === true) return attempts;
      const batch = left.slice(from, from + BATCH_SIZE);
      const { deliveries } = await loader.load(batch.map(toDelivery), { onFailure: "continue" });
      for (const [i, each] of batch.entries()) {
        const attempt = toAttempt(deliveries[i], attempts.get(each.taken.place));
        if (attempt === undefined) continue;
        attempts.set(each.taken.place, attempt);
        helped ||= attempt.hasHelped;
        if (!isDone(attempt)) failed.push(remaining(each, attempt));
      }
      onProgress?.(attempts.size);
    }
    left = failed;
  }
  return attempts;
}

function toAttempt(report: DeliveryReport | undefined, before: Attempt | undefined): Attempt | undefined {
  if (report === undefined) return undefined;
  const written = report.events.filter(({ outcome }) => outcome.status === "written").length;
  return { report, written: written + (before?.written ?? 0), hasHelped: written > 0 };
}

function isDone(attempt: Attempt | undefined): boolean {
  return attempt?.report.events.every(({ outcome }) => outcome.status !== "rejected") === true;
}

function toParked(
  taken: TakenLetter,
  decode: (letter: DeadLetter) => DeliveryContent | undefined,
): readonly Parked[] {
  const { letter } = taken;
  if (letter === undefined) return [];
  try {
    const content = decode(letter);
    if (content === undefined) return [{ taken, letter, decode: undefined, first: undefined }];
    const first = content.events.find(({ event }) => event !== undefined)?.event;
    return [{ taken, letter, decode: () => content, first }];
  } catch {
    // The loader decodes it once more, and says why it cannot be.
    return [{ taken, letter, decode: () => decode(letter) ?? decodePlain(letter), first: undefined }];
  }
}

/** The events left to be tried: of independent events those that failed, as one without id would be written once more. */
function remaining(parked: Parked, { report }: Attempt): Parked {
  const content = parked.first === undefined ? undefined : parked.decode?.();
  if (content === undefined || content.atomic) return parked;
  const events = content.events.filter((_, i) => report.events[i]?.outcome.status === "rejected");
  return { ...parked, decode: () => ({ events, atomic: false }) };
}

function toDelivery({ taken, letter, decode }: Parked): Delivery {
  const { origin, body } = letter;
  return { deliveryId: taken.place, origin, body, decode: decode ?? (() => decodePlain(letter)) };
}

function decodePlain({ body, events }: DeadLetter): DeliveryContent {
  return decodeEvents(events ?? body);
}

/** Letters of a record one after the other: by version or position where all have one, else as they were parked. */
function inOrder(parked: readonly Parked[]): readonly Parked[] {
  const asParked = [...parked].sort((a, b) => a.letter.parkedAtMs - b.letter.parkedAtMs);
  const groups = new Map<string, Parked[]>();
  for (const each of asParked) {
    const key = (each.first && recordKey(each.first)) ?? "";
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap(sortGroup);
}

function sortGroup(group: readonly Parked[]): readonly Parked[] {
  const sorted = [...group];
  if (group.every(({ first }) => first?.version !== undefined)) {
    return sorted.sort((a, b) => (a.first?.version ?? 0) - (b.first?.version ?? 0));
  }
  if (group.every(({ first }) => first?.position !== undefined)) {
    return sorted.sort((a, b) => comparePositions(a.first?.position ?? [], b.first?.position ?? []));
  }
  return group;
}

/** Letters that were not tried are not named: they stay as they were. */
function settled({ taken, letter }: Parked, attempt: Attempt | undefined): readonly SettledLetter[] {
  if (attempt === undefined) return [];
  const cause = causeOfFailure(attempt.report);
  if (cause === undefined) return [{ taken }];
  const { waitingFor: _, ...rest } = letter;
  return [{ taken, keep: { ...rest, ...cause } }];
}

function toRedriven({ taken, letter, decode }: Parked, attempt: Attempt | undefined): RedrivenLetter {
  const { place } = taken;
  const { channel, origin, reason } = letter;
  if (attempt === undefined) {
    const undecoded = {
      detail:
        `Expected the events of a letter of ${channel}, or how its bytes are decoded, found neither. ` +
        `Give the channel's settings (ledger-loader redrive --decode), or deliver the record again.`,
    };
    return { place, channel, origin, result: "kept", reason, ...(decode === undefined ? undecoded : {}) };
  }
  const cause = causeOfFailure(attempt.report);
  if (cause === undefined) {
    return { place, channel, origin, result: attempt.written > 0 ? "applied" : "needless" };
  }
  const { retryable: _, ...why } = cause;
  return { place, channel, origin, result: "kept", ...why };
}
