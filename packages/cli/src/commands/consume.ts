// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import { CREDENTIALS_NOTE } from "../ledger/connection";
import { CONSUME_OPTIONS, type ConsumeOptions } from "../options/consume-options";
import type { ConsumeReport } from "../output/consume-tally";
import { ExitCode } from "../output/exit-code";
import { count, counted, indent } from "../output/layout";
import { SETTINGS_NOTE } from "../options/loader-settings";
import { runConsume } from "../run-consume";
import { parseSourceName, SOURCE_FORMS } from "../channels/source-name";
import type { Style } from "../output/style";

/** `consume SOURCE --ledger NAME` */
export const consume: AnyCommandBody = command<readonly [source: string], ConsumeOptions>({
  description:
    "Acknowledges events after the ledger's commit, so a crash loses nothing. Waits while the ledger does not " +
    "answer. Without --dead-letters, failed events return to the channel: SQS parks them by the queue's " +
    "RedrivePolicy, and a Kafka partition or a shard waits for them. Kinesis and DynamoDB need --checkpoints: " +
    "processes with the same place and ledger share the shards.\n\nCtrl-C or SIGTERM finishes the running " +
    "batches. A worker that runs for long SHOULD have --health-port and --dead-letters. " +
    "docs/reference/kafka-settings.md lists Kafka's settings (KAFKA_BROKERS). SQS, Kinesis and DynamoDB use the " +
    `AWS SDK's settings, such as AWS_ENDPOINT_URL.\n\n${SETTINGS_NOTE}\n\n${CREDENTIALS_NOTE}`,
  arguments: [
    `where events come from: ${SOURCE_FORMS.slice(0, -1).join(", ")} or ${SOURCE_FORMS.at(-1) ?? ""}`,
  ],
  options: CONSUME_OPTIONS,
  examples: [
    {
      command:
        "ledger-loader consume sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo --ledger vehicles --health-port 9464",
      what: "a worker for a container",
    },
    {
      command: "ledger-loader consume kafka:events --ledger vehicles --dead-letters letters.jsonl",
      what: "a topic; events that cannot be applied are parked in a file",
    },
    {
      command:
        "ledger-loader consume kinesis:journal --qldb-stream --ledger copy --checkpoints copy.checkpoints --dead-letters copy.letters",
      what: "a copy of a ledger that is streamed to Kinesis",
    },
    {
      command:
        "ledger-loader consume dynamodb:arn:aws:dynamodb:eu-west-1:123456789012:table/Vehicle/stream/2026-01-01T00:00:00.000 " +
        "--ledger vehicles --checkpoints dynamodb:ledger-checkpoints --expiry ignore --dead-letters vehicles.letters",
      what: "the changes of a DynamoDB table, by processes on several machines",
    },
    {
      command: "ledger-loader consume kafka:events --ledger vehicles --until-idle 30 --json",
      what: "in a script: loads what has arrived, then prints the counts",
    },
  ],
  exits: {
    holds: "all events are in the ledger",
    doesNotHold: "events were parked or handed back",
  },
  async run(context, [name], options) {
    const source = parseSourceName(name);
    const report = await runConsume(context, source, options);
    const isApplied = report.parked + report.handedBack === 0;
    return {
      exitCode: isApplied ? ExitCode.holds : ExitCode.doesNotHold,
      document: { source: name, ledger: options.ledger, ...report },
      text: text(report, isApplied, context.style),
    };
  },
});

function text(report: ConsumeReport, isApplied: boolean, style: Style): string {
  const { deliveries, written, skipped, rejected, parked, handedBack } = report;
  const verdict = isApplied
    ? style.good("everything that came is in the ledger")
    : style.bad(`${counted(parked, "delivery", "deliveries")} parked, ${count(handedBack)} handed back`);
  const events = [
    `${count(written)} written`,
    ...Object.entries(skipped).map(([reason, n]) => `${count(n)} skipped (${reason})`),
  ];
  const tries = Object.entries(rejected).map(([reason, n]) =>
    indent(`${reason}: ${counted(n, "time")} rejected`),
  );
  return [verdict, `${counted(deliveries, "delivery", "deliveries")}: ${events.join(", ")}`, ...tries].join(
    "\n",
  );
}
