// SPDX-License-Identifier: MIT
/** The bundle uses this in place of the global `Buffer` of Node.js. */
export { Buffer } from "buffer";
