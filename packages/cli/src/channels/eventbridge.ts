// SPDX-License-Identifier: MIT
import type { BodyReader, DeliveryContent } from "@ledger-loader/core";
import { awsClientConfig, withAwsClient } from "./aws-client";
import { isNamed, type Channel, type TargetAccess } from "./channel";
import { BusRefusedError } from "../cli-errors";

const target: TargetAccess = {
  form: "BUS",
  accepts: isNamed,
  does: "to an event bus",
  consumed: "the rules of the bus have delivered",
  async withPublisher(eventBusName, { env, region }, work) {
    const [sdk, { createEventBridgePublisher }] = await Promise.all([
      import("@aws-sdk/client-eventbridge"),
      import("@ledger-loader/eventbridge"),
    ]);
    const client = new sdk.EventBridgeClient(awsClientConfig(env, "EVENTBRIDGE", region));
    const what = `use the event bus ${eventBusName}`;
    const check = "its name, --region, AWS_ENDPOINT_URL";
    return withAwsClient(client, BusRefusedError, { what, check }, () =>
      work(createEventBridgePublisher({ client, eventBusName })),
    );
  },
};

/** Event buses of EventBridge. What they deliver is consumed by a function, or from a queue. */
export const eventbridge: Channel = {
  target,
  letters: { eventbridge: { decode: decodeLetter } },
};

function decodeLetter(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  const adapter =
    // oxlint-disable-next-line typescript/no-require-imports -- loaded by the first letter, which does not wait for it
    require("@ledger-loader/eventbridge") as typeof import("@ledger-loader/eventbridge");
  return adapter.decodeEventBridgeLetter(body, read);
}
