// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { formatCount, formatIonTime } from "../parts/dates";
import { Facts } from "../parts/facts";
import { Grid } from "../parts/grid";
import { NumberHead } from "../parts/number-head";
import { Problem } from "../parts/problem";
import { quantile, sumBy } from "./parse-metrics";
import { ShardGrid } from "./shard-grid";
import { type Reading, useWorker, type Watched, type WorkerStatus } from "./readings";

/** The page of a worker, which follows its figures. */
export function WorkerApp(): JSX.Element {
  const { watched, error } = useWorker();
  return (
    <>
      <header class="top">
        <span class="brand">
          <img src="page/icon.svg" alt="" width="22" height="22" />
          <span>Worker</span>
        </span>
        <span class="grow" />
        {watched === undefined ? null : (
          <HealthBadge health={watched.health.status} isGone={error !== undefined} />
        )}
      </header>
      <main id="main">
        {error === undefined ? null : (
          <Problem error={new Error("The worker does not answer. The figures below are the last ones.")} />
        )}
        {watched === undefined ? <p class="quiet">Loading…</p> : <Figures watched={watched} />}
      </main>
    </>
  );
}

function HealthBadge({ health, isGone }: { readonly health: string; readonly isGone: boolean }): JSX.Element {
  if (isGone) return <span class="badge bad">no answer</span>;
  return <span class={`badge ${health === "ok" ? "good" : "bad"}`}>{health}</span>;
}

function Figures({
  watched: { readings, status, health },
}: {
  readonly watched: Watched;
}): JSX.Element | null {
  const [first] = readings;
  const last = readings.at(-1);
  if (first === undefined || last === undefined) return null;
  const span = [first, last] as const;
  return (
    <section>
      <h1>
        From {status.channel} into the ledger {status.ledger}
      </h1>
      <p class="quiet">
        Running since <span class="time">{formatIonTime(status.startedAt)}</span>. The page reads the figures
        every 2 seconds.
      </p>
      {health.problems.map((problem) => (
        <div class="problem" role="alert" key={problem}>
          {problem}
        </div>
      ))}
      <div class="columns">
        <Counts title="Events by outcome" name="ledger_loader_events_total" label="status" span={span} />
        <Times span={span} />
        <Counts
          title="Rejected or skipped, by reason"
          name="ledger_loader_events_total"
          label="reason"
          span={span}
        />
        <Counts title="Parked, by reason" name="ledger_loader_parked_total" label="reason" span={span} />
        <Counts title="Retries, by cause" name="ledger_loader_retries_total" label="cause" span={span} />
      </div>
      {status.shards.length === 0 ? null : <ShardGrid shards={status.shards} />}
      <RecentProblems status={status} />
    </section>
  );
}

type Span = readonly [first: Reading, last: Reading];

function Counts({
  title,
  name,
  label,
  span: [first, last],
}: {
  readonly title: string;
  readonly name: string;
  readonly label: string;
  readonly span: Span;
}): JSX.Element {
  const before = sumBy(first.samples, name, label);
  const now = [...sumBy(last.samples, name, label)].filter(([key]) => key !== "");
  const seconds = (last.at - first.at) / 1000;
  return (
    <section class="card">
      <h2>{title}</h2>
      {now.length === 0 ? (
        <p class="empty">None.</p>
      ) : (
        <Grid
          caption={title}
          columns={[label, <NumberHead>total</NumberHead>, <NumberHead>per second</NumberHead>]}
        >
          {now.map(([key, count]) => (
            <tr key={key}>
              <td>{key}</td>
              <td class="number">{formatCount(count)}</td>
              <td class="number">
                {seconds === 0 ? "" : ((count - (before.get(key) ?? 0)) / seconds).toFixed(1)}
              </td>
            </tr>
          ))}
        </Grid>
      )}
    </section>
  );
}

function Times({ span: [first, last] }: { readonly span: Span }): JSX.Element {
  const text = (name: string, part: number): string => {
    const found = quantile([first.samples, last.samples], name, part);
    if (found === undefined) return "nothing came";
    return found === Infinity ? "more than a day" : `at most ${found} s`;
  };
  return (
    <section class="card">
      <h2>In the last minute</h2>
      <Facts
        facts={[
          ["Lag, half of the batches", text("ledger_loader_lag_seconds", 0.5)],
          ["Lag, 95 % of the batches", text("ledger_loader_lag_seconds", 0.95)],
          ["Time to load, half of the batches", text("ledger_loader_batch_duration_seconds", 0.5)],
          ["Time to load, 95 % of the batches", text("ledger_loader_batch_duration_seconds", 0.95)],
        ]}
      />
    </section>
  );
}

function RecentProblems({ status: { problems } }: { readonly status: WorkerStatus }): JSX.Element {
  return (
    <>
      <h2>Last warnings and errors</h2>
      {problems.length === 0 ? (
        <p class="empty">None since the worker started.</p>
      ) : (
        <Grid caption="Last warnings and errors" columns={["Time", "Level", "Message", "Details"]}>
          {problems.map(({ time, level, message, fields }, at) => (
            <tr key={at}>
              <td class="time">{formatIonTime(time)}</td>
              <td>{level}</td>
              <td>{message}</td>
              <td>
                <code>
                  {Object.entries(fields)
                    .map(([name, value]) => `${name}=${String(value)}`)
                    .join(" ")}
                </code>
              </td>
            </tr>
          ))}
        </Grid>
      )}
    </>
  );
}
