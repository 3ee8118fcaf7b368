// SPDX-License-Identifier: MIT
import { describeDriver } from "../../test/describe-driver";

describeDriver("SQLite", () => Promise.resolve({}));
