#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A file of the sources, so that package managers find the program before it is built.
require("../dist/main.js");
