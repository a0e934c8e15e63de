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

const notServed = `- Integration.app: flows, data sources, field mappings, screens, the proxy. A bare action key in
  \`action("list-contacts").get()\` is refused as not found: it names an action of each integration.
- \`connect()\` and \`reconnect()\` work in a browser only, and are not driven. They read \`GET /integrations/{k}/connector-spec\`,
  which describes how a connector signs in; post a form to \`/connection-popup\` in a window of its own; and wait for what that
  window or a stream of events tells. The packages hold the asking half of this alone: neither the description of the two
  connectors nor what the window answers is in them, and a page of another origin would need CORS on every route. What they
  end in is driven: \`connections.create()\`, \`connection(x).patch({credentials})\`. The app's own button opens
  \`/embed/integrations/{k}/connect\`, which tests/system/connections.mjs presses.
- HubSpot: objects other than contacts, so every association is empty and making one is refused; property values older than
  an hour; changing properties. Every other object is a 404.
- Pipedrive: activities, deals, files, followers, pictures, changes of fields. Every other resource is a 404.
- The error bodies without a \`category\` (HubSpot's 404 and 429) and null in place of absent members (Pipedrive) differ from
  the declarations inside the packages, as the vendors' recorded answers do.`;
const page = writtenPage([['Methods', claims.table()],
    ['Our own client of Integration.app beside @integration-app/sdk', comparison],
    ['Not served', notServed]]);
if (process.argv.includes('--write')) writePage(page);
claims.count(isPageTrue(page), 'METHODS.md says what this run saw', 'run it with --write and look at the difference');
await recorder.stop();
await workspace.stop();
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exit(claims.failed === 0 && claims.passed > 0 ? 0 : 1);
