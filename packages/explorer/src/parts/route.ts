// SPDX-License-Identifier: MIT
import { useEffect, useState } from "preact/hooks";

/** The place in the page that the address names: `#/ledgers/cars/tables/Car` is `["ledgers", "cars", "tables", "Car"]`. */
export type Route = readonly string[];

/** The address of a place. */
export function linkTo(...segments: readonly (string | number)[]): string {
  return `#/${segments.map((segment) => encodeURIComponent(segment)).join("/")}`;
}

/** Reads the part of an address from `#` on. */
export function parseRoute(hash: string): Route {
  return hash
    .replace(/^#?\/?/, "")
    .split("/")
    .filter((segment) => segment !== "")
    .map(decodeSegment);
}

/** The most specific part comes first, as browsers cut titles at their end: `Car – cars – Ledger explorer`. */
export function titleOf([, ledger, ...place]: Route): string {
  const names = [place.at(-1), ledger].filter((name) => name !== undefined);
  return [...names, "Ledger explorer"].join(" – ");
}

/** The current place. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = (): void => {
      setRoute(parseRoute(location.hash));
    };
    addEventListener("hashchange", follow);
    return () => {
      removeEventListener("hashchange", follow);
    };
  }, []);
  return route;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
