// SPDX-License-Identifier: MIT

/** The user's own writer; when a function is bundled, this module gives way to one that exports it. */
export const revisionWriter: unknown = undefined;
/** The user's own LoadEventMapper, likewise. */
export const loadEventMapper: unknown = undefined;
