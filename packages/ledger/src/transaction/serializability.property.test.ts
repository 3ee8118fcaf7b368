// SPDX-License-Identifier: MIT
import { describeSerializability } from "../../test/describe-serializability";

describeSerializability("SQLite", 120, () => ({}));
