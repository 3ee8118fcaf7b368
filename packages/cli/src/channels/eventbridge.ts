// SPDX-License-Identifier: MIT
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createEventBridgePublisher, decodeEventBridgeLetter } from "@ledger-loader/eventbridge";
import { createPublisherTarget } from "@ledger-loader/move";
import { awsClientConfig, withAwsClient } from "./aws-client";
import { isNamed, type Channel, type TargetAccess } from "./channel";
import { BusRefusedError } from "../cli-errors";

const target: TargetAccess = {
  form: "BUS",
  accepts: isNamed,
  does: "puts them on an event bus",
  consumed: "the rules of the bus have delivered",
  withTarget(eventBusName, { env, region }, work) {
    const client = new EventBridgeClient(awsClientConfig(env, "EVENTBRIDGE", region));
    const what = `use the event bus ${eventBusName}`;
    const check = "its name, --region, AWS_ENDPOINT_URL";
    return withAwsClient(client, BusRefusedError, { what, check }, () =>
      work(createPublisherTarget(createEventBridgePublisher({ client, eventBusName }))),
    );
  },
};

/** Event buses of EventBridge. What they deliver is consumed by a function, or from a queue. */
export const eventbridge: Channel = {
  target,
  letters: { eventbridge: { decode: decodeEventBridgeLetter } },
};
