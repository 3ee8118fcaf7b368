// SPDX-License-Identifier: MIT
import { CHANNELS, channelOf, parametersOf } from "../app/channels";
import type { ChannelName } from "./channel-name";
import { javaParametersOf } from "./java-parameters";

/** Says of a name that no parameter of the channel has what it probably is. */
export function describeUnknownName(name: string, channel: ChannelName): string {
  const java = javaParametersOf(channel).find((each) => each.java === name);
  if (java?.here !== undefined)
    return `found a name of the Java loader's templates, which is ${java.here} here`;
  if (java !== undefined) return `found one of the Java loader's templates. ${java.note ?? ""}`.trim();
  const others = (Object.keys(CHANNELS) as ChannelName[]).filter((each) =>
    Object.hasOwn(channelOf(each).parameters, name),
  );
  if (others.length > 0) return `found one of ${others.join(", ")}`;
  const nearest = nearestName(name, [
    "id",
    "region",
    "account",
    "stackName",
    ...Object.keys(parametersOf(channel)),
  ]);
  return `found an unknown name${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
}

/** The name that is a few letters away at most, upper and lower case being the same. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const most = Math.min(3, Math.floor(name.length / 3));
  let nearest: string | undefined;
  let least = most + 1;
  for (const each of known) {
    const distance = editDistance(name.toLowerCase(), each.toLowerCase());
    if (distance < least) [nearest, least] = [each, distance];
  }
  return nearest;
}

/** How many letters must be changed, added or removed. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
