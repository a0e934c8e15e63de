// Our own client of Integration.app against theirs: what the app asks while it syncs is recorded, and the SDK
// is made to ask the same. Method and address must be the same bytes, the body the same JSON, and every header
// the same, unless its difference is known and has a reason.
import { createRequire } from 'node:module';

import { check, checkEqual } from '../browser/support.mjs';
import { Places, startApp } from '../system/world.mjs';
import { Recorder } from './recorder.mjs';

const require = createRequire(import.meta.url);
const { IntegrationAppClient } = require('@integration-app/sdk');

const customer = 'compared';

/** Headers whose difference is known: what each side sends, and why that is right. */
const knownDifferences = {
    accept: 'ours asks for JSON only; the SDK\'s library also names text and anything',
    'accept-encoding': 'both take compressed answers; the lists of methods are the libraries\' own',
    'user-agent': 'each names itself',
    connection: 'both keep it open; only the SDK\'s library says so, which HTTP/1.1 does not need',
    host: 'the recorder that was asked',
    'content-length': 'compared with the body',
};

/** The operation that a recorded call of ours is, and how the SDK asks for it. */
function theirWay(call, client) {
    const run = call.target.match(/^\/connections\/([^/?]+)\/actions\/([^/?]+)\/run$/);
    if (run && call.method === 'POST') {
        const [, connection, action] = run.map((each) => decodeURIComponent(each));
        return [`run ${action}`, () => client.connection(connection).action(action).run(JSON.parse(call.body))];
    }
    const url = new URL(call.target, 'http://recorder');
    const query = Object.fromEntries(url.searchParams);
    if (call.method === 'GET' && url.pathname === '/self') return ['self', () => client.self.get()];
    if (call.method === 'GET' && url.pathname === '/connections') {
        return ['list connections', () => client.connections.find(query)];
    }
    if (call.method === 'GET' && url.pathname === '/integrations') {
        return ['list integrations', () => client.integrations.find(query)];
    }
    const one = url.pathname.match(/^\/connections\/([^/]+)$/);
    if (call.method === 'GET' && one) return ['get a connection', () => client.connection(one[1]).get(query)];
    if (call.method === 'DELETE' && one) return ['archive a connection', () => client.connection(one[1]).archive()];
    return null;
}

async function recordOurs(workspace) {
    const recorder = await new Recorder(workspace.sandbox).start();
    const app = await startApp({ sandbox: recorder.url }, { SYNC_FIRST: 'auto', DEV_CUSTOMER_ID: customer });
    const places = new Places(app, workspace, customer);
    await places.settle();
    const contact = await places.change('POST', '/api/contacts', {
        name: 'Zoë "Quoted" Ünïcode', email: 'compared@sync.example', phone: '+1 212 555 0144', jobTitle: 'Ärztin / 医師',
    });
    await places.settle();
    await places.change('PATCH', `/api/contacts/${contact.id}`, { jobTitle: 'Line\nbreak \\ and \u2028' });
    await places.settle();
    await places.change('DELETE', `/api/contacts/${contact.id}`);
    await places.settle();
    await app.stop();
    await recorder.stop();
    return recorder.calls;
}

function compareHeaders(ours, theirs) {
    const faults = [];
    const differing = new Set();
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
        if (ours[name] === theirs[name]) continue;
        if (knownDifferences[name]) differing.add(name);
        else faults.push(`${name}: ours is ${ours[name]}, theirs ${theirs[name]}`);
    }
    return { faults, differing };
}

/** Rows of [operation, calls compared, differing headers]; a difference that nobody knows is thrown. */
async function compareAll(calls, url, recorder) {
    const rows = new Map();
    for (const call of calls) {
        const token = call.headers.authorization?.replace('Bearer ', '');
        const way = theirWay(call, token && new IntegrationAppClient({ apiUri: url, token }));
        // What only a sandbox has to tell is asked of nobody else.
        if (!way && call.target.startsWith('/sandbox/')) continue;
        check(way, `nobody knows how their client asks for ${call.method} ${call.target}`);
        const [operation, ask] = way;
        await ask();
        const theirs = recorder.calls.at(-1);
        for (const part of ['method', 'target']) checkEqual(call[part], theirs[part], `${operation}: ${part}`);
        checkEqual(JSON.parse(call.body || 'null'), JSON.parse(theirs.body || 'null'), `${operation}: the body`);
        const { faults, differing } = compareHeaders(call.headers, theirs.headers);
        check(faults.length === 0, `${operation}: ${faults.join('; ')}`);
        const row = rows.get(operation) ?? { count: 0, differing: new Set() };
        row.count += 1;
        for (const name of differing) row.differing.add(name);
        rows.set(operation, row);
    }
    return rows;
}

/** The table of what was compared, and of the differences; counts itself as one check for each operation. */
export async function compareClients(claims, workspace) {
    const calls = await recordOurs(workspace);
    const recorder = await new Recorder(() => ({ status: 200, body: '{"output":{}}' })).start();
    let rows = new Map();
    let problem = '';
    try {
        rows = await compareAll(calls, recorder.url, recorder);
        for (const action of ['list-contacts', 'create-contact', 'update-contact', 'delete-contact']) {
            check(rows.has(`run ${action}`), `our client never ran ${action}`);
        }
    } catch (error) {
        problem = error.message;
    }
    await recorder.stop();
    claims.count(problem === '', `our client asks as theirs does (${calls.length} calls)`, problem);
    const operations = [...rows.keys()].sort();
    const lines = ['| operation | method, address, body |', '| --- | --- |',
        ...operations.map((each) => `| ${each} | equal |`), '',
        '| header that differs | why |', '| --- | --- |'];
    const seen = new Set([...rows.values()].flatMap((row) => [...row.differing]));
    for (const name of [...seen].sort()) lines.push(`| \`${name}\` | ${knownDifferences[name]} |`);
    return lines.join('\n');
}
