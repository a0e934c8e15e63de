// Disconnecting, connecting again, and a connection that breaks, through Integration.app's own calls and
// pages: nothing is deleted, and afterwards the links still hold.
import { check, checkEqual } from '../browser/support.mjs';
import { checkAgreement, Places, startApp, startWorkspace } from './world.mjs';

const email = 'barbara.liskov@system.example';

class Connections {
    constructor(places) {
        this.places = places;
    }

    async ask(method, target) {
        const { status, body } = await this.places.app(method, target);
        check(status === 200, `${method} ${target} answered ${status}: ${JSON.stringify(body)}`);
        return body;
    }

    async list() {
        const { connections } = await this.ask('GET', '/api/connections');
        return Object.fromEntries(connections.map((connection) => [connection.system, connection]));
    }

    async states() {
        const connections = await this.list();
        return [connections.hubspot.state, connections.pipedrive.state];
    }

    /** A person opens the page that the app names, and presses its button. */
    async connect(system) {
        const { url } = await this.ask('POST', `/api/connections/${system}/connect`);
        const page = await (await fetch(url)).text();
        check(page.includes('>Allow</button>'), `no button on ${url}: ${page}`);
        const allowed = await fetch(url, { method: 'POST' });
        checkEqual(allowed.status, 200, 'the answer to the button');
        return new URL(url).pathname;
    }
}

const linksOf = (contacts) => Object.fromEntries(contacts.map((contact) =>
    [contact.id, [contact.hubspotId, contact.pipedriveId]]));

async function checkDisconnect(places, connections, before) {
    const { hubspot } = await connections.list();
    check(/Nothing is deleted/.test(hubspot.disconnecting), hubspot.disconnecting);
    check(hubspot.disconnecting.includes(`${before.app.length} contacts stay linked`), hubspot.disconnecting);
    const answer = await connections.ask('POST', '/api/connections/hubspot/disconnect');
    checkEqual(answer.connection.state, 'not_connected', 'the state after disconnecting');
    await connections.ask('POST', '/api/connections/hubspot/disconnect');  // a second time changes nothing
    for (let round = 0; round < 3; round += 1) await places.sync();
    const status = (await places.app('GET', '/api/sync')).body;
    checkEqual(status.systems.find(({ key }) => key === 'hubspot').state, 'reconnect', 'the state of sync');
    const after = await places.everyPlace();
    checkEqual(Object.values(after).map((list) => list.length),
        Object.values(before).map((list) => list.length), 'records in all places');
    checkEqual(linksOf(after.app), linksOf(before.app), 'links');
}

async function changeMeanwhile(places, contact) {
    await places.change('PATCH', `/api/contacts/${contact.id}`, { jobTitle: 'Changed here' });
    await places.change('POST', '/api/contacts', { name: 'Barbara Liskov', email });
    await places.crm(`/hubspot/crm/v3/objects/contacts/${contact.hubspotId}`, 'PATCH', {
        properties: { phone: '+1 617 555 0100' },
    });
    await places.sync();
}

async function checkReconnect(places, connections, before) {
    checkEqual(await connections.connect('hubspot'), '/embed/integrations/hubspot/connect', 'the page');
    checkEqual(await connections.states(), ['connected', 'connected'], 'the states after connecting again');
    await places.settle();
    const after = await places.everyPlace();
    checkAgreement(after);
    checkEqual(after.app.length, before.app.length + 1, 'contacts');
    const links = linksOf(after.app);
    for (const [id, pair] of Object.entries(linksOf(before.app))) {
        checkEqual(links[id], pair, `the links of ${id}`);
    }
    return after;
}

export const name = 'connections';

export async function run(report) {
    const workspace = await startWorkspace();
    const app = await startApp(workspace, { SYNC_FIRST: 'auto' });
    const places = new Places(app, workspace);
    const connections = new Connections(places);
    await places.settle();
    const before = await places.everyPlace();
    const contact = before.app.find(({ hubspotId, pipedriveId }) => hubspotId && pipedriveId);
    await report.check('every system is connected, and the app says so', async () => {
        checkEqual(await connections.states(), ['connected', 'connected'], 'the states');
        checkEqual((await places.app('POST', '/api/connections/zoho/connect')).status, 404, 'no such system');
        checkEqual((await places.app('POST', '/api/connections/zoho/disconnect')).status, 404, 'no such system');
    });
    await report.check('disconnecting says what it means, and deletes nothing',
        () => checkDisconnect(places, connections, before));
    await changeMeanwhile(places, contact);
    await report.check('connected again, everything meets its old record', async () => {
        const after = await checkReconnect(places, connections, before);
        const seen = after.hubspot.find(({ id }) => id === contact.hubspotId);
        checkEqual([seen.jobTitle, seen.phone], ['Changed here', '+1 617 555 0100'], 'the edited contact');
        checkEqual(after.pipedrive.filter((record) => record.email === email).length, 1, 'the new one');
    });
    await report.check('a broken connection gets new access in its place', async () => {
        await places.crm('/sandbox/connections', 'POST', { system: 'hubspot', state: 'disconnected' });
        checkEqual(await connections.states(), ['reconnect', 'connected'], 'the states');
        checkEqual(await connections.connect('hubspot'), '/embed/connections/hubspot/refresh', 'the page');
        checkEqual(await connections.states(), ['connected', 'connected'], 'the states with new access');
        await places.settle();
        checkAgreement(await places.everyPlace());
    });
    await report.check('a link with a token that is no longer good connects nothing', async () => {
        await connections.ask('POST', '/api/connections/hubspot/disconnect');
        const { url } = await connections.ask('POST', '/api/connections/hubspot/connect');
        for (const wrong of [url.slice(0, -3), url.replace(/\?.*/, '')]) {
            checkEqual((await fetch(wrong, { method: 'POST' })).status, 401, `POST ${wrong}`);
        }
        checkEqual((await connections.states())[0], 'not_connected', 'the state');
    });
    await app.stop();
    await report.check('without the workspace the app says that it does not know', async () => {
        const lonely = await startApp(workspace, { SYNC_FIRST: 'auto' });
        await workspace.stop();
        const there = new Connections(new Places(lonely, workspace));
        const { hubspot } = await there.list();
        checkEqual(hubspot.state, 'unknown', 'the state');
        check(hubspot.reason.includes('gave no answer'), hubspot.reason);
        await lonely.stop();
    });
}
