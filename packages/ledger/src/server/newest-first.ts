// SPDX-License-Identifier: MIT
import type { PagedList } from "./page-list";

/** The order of a list with the newest first, and by id where two are equally old. */
export function newestFirst<T extends { readonly creationTime: number }>(
  idOf: (item: T) => string,
): Pick<PagedList<T>, "position" | "isAfter"> {
  return {
    position: (item) => `${item.creationTime} ${idOf(item)}`,
    isAfter: (position, other) => {
      const [time = "", id = ""] = position.split(" ");
      const [otherTime = "", otherId = ""] = other.split(" ");
      return time === otherTime ? id > otherId : Number(time) < Number(otherTime);
    },
  };
}
