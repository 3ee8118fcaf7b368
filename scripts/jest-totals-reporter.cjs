// SPDX-License-Identifier: MIT

/** Ends a run with one plain line of totals, and names every skipped test, so that a skip is never overlooked. */
module.exports = class TotalsReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter((test) => test.status === "pending" || test.status === "todo"),
    );
    for (const test of skipped) console.log(`SKIPPED: ${test.fullName}`);
    console.log(
      `tests: ${results.numPassedTests} passed, ${results.numFailedTests + results.numRuntimeErrorTestSuites} failed, ${skipped.length} skipped`,
    );
  }
};
