// Counts what passed and what failed, and prints each failure once.

export class Report {
  passed = 0;
  failures = [];

  /** One check: an empty list of problems passes. */
  check(name, problems) {
    if (problems.length === 0) {
      this.passed += 1;
      return;
    }
    this.failures.push(name);
    console.log(`FAILED ${name}`);
    for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
    if (problems.length > 20) console.log(`  and ${problems.length - 20} more`);
  }

  /** The line that ends the run. */
  close() {
    console.log(`${this.passed} passed, ${this.failures.length} failed`);
    return this.failures.length === 0 ? 0 : 1;
  }
}
