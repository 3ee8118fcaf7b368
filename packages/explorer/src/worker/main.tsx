// SPDX-License-Identifier: MIT
import { render } from "preact";
import { WorkerApp } from "./worker-app";

const root = document.getElementById("app");
if (root !== null) render(<WorkerApp />, root);
