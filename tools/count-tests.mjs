import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

let passed = 0;
let failed = 0;
const broken = [];
for (const folder of process.argv.slice(2)) {
  const reports = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  // A run without a report is a failure of its own.
  if (reports.length === 0) failed += 1;
  for (const name of reports) {
    const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    broken.push(...report.testResults.flatMap(wordsOf));
  }
}
// Once more at the end, where a long log is read first.
for (const words of broken) console.log(`failed: ${words}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The tests of a file that failed, each with what it says first; or the file, if it could not be run. */
function wordsOf({ name, message, assertionResults }) {
  const tests = assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0) return message && assertionResults.length === 0 ? [`${name}: ${shortened(message)}`] : [];
  return tests.map(({ fullName, failureMessages }) => `${fullName}: ${shortened(failureMessages.join(' '))}`);
}

function shortened(text) {
  return text
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 600);
}
