// The vendors' own clients against the built sandbox: a line per check, then "N passed, N failed".
//
//   node tests/conformance/run.mjs [--write]
//
// --write puts what was seen into METHODS.md. CONTACTS_SERVER names another server binary, CONTACTS_SEED the
// seed of the random requests. Nothing here reaches further than this machine.
import { startWorkspace } from '../system/world.mjs';
import { Claims, isPageTrue, writePage, writtenPage } from './claims.mjs';
import { fuzz } from './fuzz.mjs';
import { claimHubSpot } from './hubspot.mjs';
import { claimIntegrationApp } from './integration_app.mjs';
import { compareClients } from './our_client.mjs';
import { claimPipedrive } from './pipedrive.mjs';
import { Recorder } from './recorder.mjs';

const workspace = await startWorkspace();
const recorder = await new Recorder(workspace.sandbox).start();
const claims = new Claims(recorder);

for (const claim of [claimIntegrationApp, claimHubSpot, claimPipedrive]) {
    await claim(claims, recorder.url, workspace.sandbox);
}

const comparison = await compareClients(claims, workspace);
await fuzz(claims, workspace);

const page = writtenPage([['Methods', claims.table()],
    ['Our own client of Integration.app beside @integration-app/sdk', comparison]]);
if (process.argv.includes('--write')) writePage(page);
claims.count(isPageTrue(page), 'METHODS.md says what this run saw', 'run it with --write and look at the difference');
await recorder.stop();
await workspace.stop();
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exit(claims.failed === 0 && claims.passed > 0 ? 0 : 1);
