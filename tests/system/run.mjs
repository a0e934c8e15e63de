// Runs the system tests, each against processes of its own: a line per check, then "N passed, N failed".
//
//   node tests/system/run.mjs [part of a test's name]
//
// CONTACTS_SERVER names another server binary; CONTACTS_SEED sets the seed of the kill test;
// CONTACTS_FULL=1 measures memory with all contacts however long it takes.
import * as connections from './connections.mjs';
import * as disk from './disk.mjs';
import * as kill from './kill.mjs';
import * as killWrites from './kill_writes.mjs';
import * as memory from './memory.mjs';
import * as operations from './operations.mjs';
import * as openapi from './openapi.mjs';
import * as people from './people.mjs';
import * as races from './races.mjs';
import * as secondProcess from './second_process.mjs';
import * as suggestion from './suggestion.mjs';
import * as switches from './switches.mjs';
import * as webhooks from './webhooks.mjs';
import { Report } from './world.mjs';

const wanted = process.argv[2] ?? '';
const report = new Report();
const tests = [secondProcess, people, openapi, connections, switches, webhooks, suggestion, operations, disk, races,
    killWrites, kill, memory];
for (const test of tests) {
    if (!test.name.includes(wanted)) continue;
    console.log(`== ${test.name}`);
    try {
        await test.run(report);
    } catch (error) {
        if (!error.isReported) report.fail(test.name, error);
    }
}
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exit(report.failed === 0 && report.passed > 0 ? 0 : 1);
