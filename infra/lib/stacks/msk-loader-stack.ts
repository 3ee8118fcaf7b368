// SPDX-License-Identifier: MIT
import type { Construct } from "constructs";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { MskLoader } from "../constructs/channels/msk-loader";
import { KAFKA_TOPIC_PARAMETERS, type MskValues } from "../parameters/msk-parameters";
import { loaderPropsOf, secretOf, settingsOf } from "./loader-props-of";

/** The stack of an {@link MskLoader}. */
export class MskLoaderStack extends LoaderStack {
  readonly loader: MskLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<MskValues>) {
    super(scope, id, props);
    const { values } = props;
    const { clusterArn, topic, scramSecretArn, scramKeyArn } = values;
    this.loader = new MskLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf(KAFKA_TOPIC_PARAMETERS, values),
      topic,
      clusterArn,
      ...(scramSecretArn === undefined
        ? {}
        : { scramSecret: secretOf(this, "Scram", scramSecretArn, scramKeyArn) }),
    });
    this.outputDeadLetters(this.loader);
  }
}
