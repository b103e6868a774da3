// Counts what passed and what failed, and prints each failure once.

export class Report {
  passed = 0;
  failed = 0;

  /** One check: an empty list of problems passes. */
  check(name, problems) {
    if (problems.length === 0) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    console.log(`FAILED ${name}`);
    for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
    if (problems.length > 20) console.log(`  and ${problems.length - 20} more`);
  }

  /** Adds what another process counted. */
  add(passed, failed) {
    this.passed += passed;
    this.failed += failed;
  }

  /** The line that ends the run. */
  close() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 ? 0 : 1;
  }
}
