// SPDX-License-Identifier: MIT
import { shippedDependencies } from "../boundaries/workspace.mjs";

/** The packages, each after those that it depends on: the order in which a registry can take them. */
export function inDependencyOrder(packages) {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const ordered = new Set();
  const visit = (one) => {
    if (ordered.has(one)) return;
    for (const name of Object.keys(shippedDependencies(one.manifest)))
      if (byName.has(name)) visit(byName.get(name));
    ordered.add(one);
  };
  for (const one of packages) visit(one);
  return [...ordered];
}
