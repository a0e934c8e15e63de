// Integration.app, by both of its SDKs.
import { createRequire } from 'node:module';

import { check, checkEqual } from '../browser/support.mjs';
import { checkIncludes, refusalOf, tokenOf, turn } from './tools.mjs';

const require = createRequire(import.meta.url);
const old = require('@integration-app/sdk');
const membrane = require('@membranehq/sdk');

const customer = 'sdk-customer';
const other = 'sdk-other';

/** Both SDKs in one dress: what differs is the name of the client and what they can do. */
const sdks = [
    { name: '@integration-app/sdk', sdk: old, Client: old.IntegrationAppClient, isNew: false },
    { name: '@membranehq/sdk', sdk: membrane, Client: membrane.MembraneClient, isNew: true },
];

async function walk(find, limit) {
    const items = [];
    let cursor;
    do {
        const answer = await find({ limit, cursor });
        check(answer.items.length <= limit, `${answer.items.length} items on a page of ${limit}`);
        items.push(...answer.items);
        ({ cursor } = answer);
    } while (cursor);
    return items;
}

async function claimSelf(claims, { name, Client }, url) {
    const of = (options) => new Client({ apiUri: url, ...options });
    await claims.method(name, 'self.get()', 'the customer of the token', async () => {
        const self = await of({ token: tokenOf(customer, { name: 'Ann' }) }).self.get();
        checkEqual([self.id, self.name], [customer, 'Ann'], 'self');
    });
    await claims.method(name, 'new Client({token})', 'HS256, HS384, HS512; iss or workspaceKey; id or tenantKey',
        async () => {
            for (const algorithm of ['HS256', 'HS384', 'HS512']) {
                checkEqual((await of({ token: tokenOf(customer, {}, algorithm) }).self.get()).id, customer, algorithm);
            }
            const token = tokenOf(undefined, { iss: undefined, workspaceKey: 'sandbox', tenantKey: customer });
            checkEqual((await of({ token }).self.get()).id, customer, 'workspaceKey and tenantKey');
        });
    await claims.method(name, 'new Client({fetchToken})', 'is asked for a token once', async () => {
        let asked = 0;
        const client = of({ fetchToken: async () => { asked += 1; return tokenOf(customer); } });
        await client.self.get();
        await client.self.get();
        checkEqual(asked, 1, 'tokens asked for');
    });
}

async function claimConnections(claims, { name, sdk, Client }, url, sandbox) {
    const client = new Client({ apiUri: url, token: tokenOf(customer) });
    let all;
    await claims.method(name, 'connections.find()', 'both connections, by pages of 1', async () => {
        all = await walk((query) => client.connections.find(query), 1);
        checkEqual(all.map((each) => each.integration.key).sort(), ['hubspot', 'pipedrive'], 'connections');
    });
    await claims.method(name, 'connections.find({integrationKey})', 'only that integration', async () => {
        const { items } = await client.connections.find({ integrationKey: 'pipedrive' });
        checkEqual(items.map((each) => each.integration.key), ['pipedrive'], 'connections');
    });
    await claims.method(name, 'connection(x).get()', 'by its id, its integration\'s key and id', async () => {
        const [{ id, integrationId, integration }] = all;
        for (const selector of [id, integrationId, integration.key]) {
            checkEqual((await client.connection(selector).get()).id, id, selector);
        }
    });
    await claims.method(name, 'connection(x).refreshCredentials()', 'of a connection that works', () =>
        client.connection('hubspot').refreshCredentials());
    await claims.method(name, 'post(connections/x/test)', 'says whether the connection works', async () => {
        checkEqual(await client.post('connections/hubspot/test'), { success: true }, 'the test');
        await turn(sandbox, 'connections', { system: 'hubspot', state: 'disconnected', customer });
        checkEqual(await client.post('connections/hubspot/test'), { success: false }, 'the test');
        checkEqual((await client.connection('hubspot').get()).disconnected, true, 'disconnected');
    });
    await claims.method(name, 'connection(x).patch({credentials})', 'connects again', async () => {
        checkEqual((await client.connection('hubspot').patch({ credentials: {} })).disconnected, false, 'then');
    });
    await claims.method(name, 'connection(x).archive()', 'gone for get and find, listed with includeArchived',
        async () => {
            await client.connection('pipedrive').archive();
            const error = await refusalOf(client.connection('pipedrive').get());
            check(error instanceof sdk.BadRequestError, `it is ${error.constructor.name}`);
            checkEqual([error.data.type, error.data.key], ['bad_request', 'not_found'], 'the error');
            checkEqual((await client.connections.find({})).items.length, 1, 'connections left');
            const { items } = await client.connections.find({ includeArchived: true });
            checkEqual(items.filter((each) => each.archivedAt).length, 1, 'archived ones');
        });
    await claims.method(name, 'connections.create({integrationId})', 'connects again; the records are still there',
        async () => {
            const { id } = await client.integration('pipedrive').get();
            const made = await client.connections.create({ integrationId: id, name: 'again' });
            checkEqual([made.integrationId, made.disconnected], [id, false], 'the connection');
            const { output } = await client.connection(made.id).action('list-contacts').run({});
            check(output.records.length > 0, 'no records are left');
        });
}

async function claimCatalog(claims, { name, Client }, url) {
    const client = new Client({ apiUri: url, token: tokenOf(customer) });
    await claims.method(name, 'integrations.find()', 'both, by pages of 1', async () => {
        const all = await walk((query) => client.integrations.find(query), 1);
        checkEqual(all.map((each) => each.key).sort(), ['hubspot', 'pipedrive'], 'integrations');
    });
    await claims.method(name, 'integrations.findAll()', 'from cursor 0 to the end', async () => {
        checkEqual((await client.integrations.findAll()).length, 2, 'integrations');
    });
    await claims.method(name, 'integration(k).get()', 'by key and id', async () => {
        const { id } = await client.integration('hubspot').get();
        checkEqual((await client.integration(id).get()).key, 'hubspot', 'its key');
    });
    let actions;
    await claims.method(name, 'actions.find({integrationKey})', 'the actions of one integration, by pages of 2',
        async () => {
            actions = await walk((query) => client.actions.find({ ...query, integrationKey: 'hubspot' }), 2);
            for (const key of ['list-contacts', 'create-contact', 'update-contact', 'delete-contact']) {
                checkIncludes(actions.map((each) => each.key), key, 'actions');
            }
            check(actions.every((each) => each.integrationId === actions[0].integrationId), 'others are among them');
        });
    await claims.method(name, 'actions.findAll()', 'those of both integrations', async () => {
        checkEqual((await client.actions.findAll()).length, 2 * actions.length, 'actions');
    });
    await claims.method(name, 'action(id).get()', 'by id and by "hubspot.list-contacts"', async () => {
        checkEqual((await client.action(actions[0].id).get()).key, actions[0].key, 'by id');
        checkEqual((await client.action('hubspot.list-contacts').get()).key, 'list-contacts', 'by path');
    });
    await claims.method(name, 'action({integrationKey, key}).get()', 'GET /action, in the singular', async () => {
        const action = await client.action({ integrationKey: 'hubspot', key: 'create-contact' }).get();
        checkEqual(action.type, 'create-data-record', 'its type');
    });
    await claims.method(name, 'connection(x).actions.list()', 'all of the connection\'s', async () => {
        checkEqual((await client.connection('hubspot').actions.list()).items.length, actions.length, 'actions');
    });
    await claims.method(name, 'connection(x).action(k).get()', 'with autoCreate', async () => {
        const action = await client.connection('hubspot').action('list-contacts').get({ autoCreate: true });
        checkEqual(action.key, 'list-contacts', 'its key');
    });
    await claims.method(name, 'integration(k).actions.list()', 'all of the integration\'s', async () => {
        checkEqual((await client.integration('hubspot').actions.list()).items.length, actions.length, 'actions');
    });
}

/** The forms in which an action can be run; each gives a function of key and input. */
function forms(client, isNew) {
    const all = {
        'connection(x).action(k).run() (form A)': (key, input) =>
            client.connection('hubspot').action(key).run(input),
        'actionInstance(s).run() (form B)': (key, input) => client.actionInstance({
            autoCreate: true, integrationKey: 'hubspot', parentKey: key,
        }).run(input),
    };
    if (isNew) {
        all['action(k).run(input, selector) (form C)'] = (key, input) =>
            client.action(key).run(input, { integrationKey: 'hubspot' });
    } else {
        all['post(actions/k/run) (form C)'] = (key, input) =>
            client.post(`actions/${key}/run?integrationKey=hubspot`, { input });
    }
    all['post(act) (form D)'] = (key, input) => client.post('act', { key, integrationKey: 'hubspot', input });
    return all;
}

async function runJourney(run, email) {
    const { output: { id } } = await run('create-contact', { name: 'Form Runner', email, phone: '+1 212 555 0100' });
    const found = async () => (await run('list-contacts', { filter: { email } })).output.records;
    checkEqual((await found()).map((each) => each.id), [id], 'found after the create');
    await run('update-contact', { id, jobTitle: 'Runner' });
    const [record] = await found();
    checkEqual([record.fields.jobTitle, record.fields.fullName], ['Runner', 'Form Runner'], 'after the update');
    await run('delete-contact', { id });
    checkEqual(await found(), [], 'found after the deletion');
}

async function claimRuns(claims, { name, Client, isNew }, url) {
    const client = new Client({ apiUri: url, token: tokenOf(customer) });
    let count = 0;
    for (const [form, run] of Object.entries(forms(client, isNew))) {
        count += 1;
        const email = `form${count}.${isNew ? 'new' : 'old'}@sdk.example`;
        await claims.method(name, form, 'create, list with a filter, update, delete', () => runJourney(run, email));
    }
    await claims.method(name, 'run({cursor})', 'a walk over 160 records; {}, null, "" and nothing are the first page',
        async () => {
            const run = (input) => client.connection('hubspot').action('list-contacts').run(input);
            const first = (await run({})).output.records[0].id;
            for (const input of [undefined, { cursor: null }, { cursor: '' }, { cursor: undefined }]) {
                checkEqual((await run(input)).output.records[0].id, first, JSON.stringify(input));
            }
            const ids = new Set();
            let cursor;
            do {
                const { output } = await run({ cursor });
                for (const record of output.records) ids.add(record.id);
                ({ cursor } = output);
            } while (cursor);
            check(ids.size >= 160, `only ${ids.size} records`);
        });
    await claims.method(name, 'run("text")', 'a caller\'s mistake counts as an empty input', async () => {
        const { output } = await client.connection('hubspot').action('list-contacts').run('abc');
        check(output.records.length > 0, 'no records');
    });
}

async function claimData(claims, { name, Client, isNew }, url) {
    const client = new Client({ apiUri: url, token: tokenOf(customer) });
    for (const [connection, key] of [['hubspot', 'contacts'], ['pipedrive', 'persons']]) {
        const data = client.connection(connection).dataCollection(key);
        const email = `data.${isNew ? 'new' : 'old'}@sdk.example`;
        await claims.method(name, `dataCollection(${key})`, 'create, findById, match, search, update, list, delete',
            async () => {
                const fields = { fullName: 'Data Collector', primaryEmail: email };
                const { id } = await data.create({ fields });
                const { record } = await data.findById({ id });
                checkEqual(record.unifiedFields.fullName, 'Data Collector', 'the record');
                checkEqual((await data.match({ query: { primaryEmail: email } })).record.id, id, 'the match');
                checkEqual((await data.search({ query: email })).records.map((each) => each.id), [id], 'found');
                checkEqual((await data.update({ id, fields: { companyName: 'ACME' } })).id, id, 'updated');
                check((await data.list({})).records.length > 0, 'the list is empty');
                await data.delete({ id });
                check((await refusalOf(data.findById({ id }))).data, 'it is still there');
            });
    }
}

async function claimErrors(claims, { name, sdk, Client }, url, sandbox) {
    const of = (token) => new Client({ apiUri: url, token });
    const client = of(tokenOf(customer));
    const run = (key, input) => client.connection('hubspot').action(key).run(input);
    await claims.method(name, 'BadRequestError', 'not_authenticated: expired, wrong secret, wrong workspace', async () => {
        const wrong = [
            tokenOf(customer, { exp: 1000 }), tokenOf(customer, {}, 'HS256', 'another secret'),
            tokenOf(customer, { iss: 'another workspace' }),
        ];
        for (const token of wrong) {
            // The SDK asks fetchToken itself when a token has expired; here none may be had.
            const error = await refusalOf(of(token).self.get());
            check(error instanceof sdk.BadRequestError, `it is ${error.constructor.name}: ${error.message}`);
            checkEqual(error.data.key, 'not_authenticated', 'its key');
        }
    });
    await claims.method(name, 'BadRequestError', 'not_found: connection, integration, action, data collection', async () => {
        for (const call of [() => client.connection('nobody').get(), () => client.integration('nobody').get(),
            () => client.connection('nobody').action('list-contacts').run({}), () => run('no-action', {}),
            () => client.connection('hubspot').dataCollection('deals').list({})]) {
            const error = await refusalOf(call());
            check(error instanceof sdk.BadRequestError, `it is ${error.constructor.name}`);
            checkEqual([error.data.type, error.data.key], ['bad_request', 'not_found'], 'the error');
            check(error.message.includes('not found'), error.message);
        }
    });
    await claims.method(name, 'ActionRunError', 'the CRM\'s own status and body in data.response', async () => {
        const email = `twice.${name.length}@sdk.example`;
        const { output } = await run('create-contact', { name: 'One', email });
        const error = await refusalOf(run('create-contact', { name: 'Two', email }));
        check(error instanceof sdk.ActionRunError, `it is ${error.constructor.name}`);
        const { response } = error.data.data;
        checkEqual([response.status, response.data.message],
            [409, `Contact already exists. Existing ID: ${output.id}`], 'the answer of the CRM');
        await run('delete-contact', { id: output.id });
    });
    await claims.method(name, 'ActionRunError', 'with the switch: the CRM\'s own body in data; runs answered 201', async () => {
        await turn(sandbox, 'rest', { customer, bareErrors: true, createdRuns: true });
        const { output } = await run('create-contact', { name: 'Bare', email: `bare.${name.length}@sdk.example` });
        checkEqual(claims.recorder.calls.at(-1).status, 201, 'the status of a run');
        const error = await refusalOf(run('update-contact', { id: output.id, email: 'nonsense' }));
        check(error instanceof sdk.ActionRunError, `it is ${error.constructor.name}`);
        checkEqual(error.data.data.category, 'VALIDATION_ERROR', 'the body of the CRM');
        await run('delete-contact', { id: output.id });
        await turn(sandbox, 'rest', { customer });
    });
    await claims.method(name, 'ConnectionError', 'rate_limit_exceeded, and connection_is_defunct', async () => {
        await turn(sandbox, 'faults', { fault: 'rate_limit', system: 'hubspot', customer });
        const limited = await refusalOf(run('list-contacts', {}));
        check(limited instanceof sdk.ConnectionError, `it is ${limited.constructor.name}`);
        checkEqual(limited.data.key, 'rate_limit_exceeded', 'its key');
        await turn(sandbox, 'faults', { fault: 'disconnect', system: 'hubspot', customer });
        const defunct = await refusalOf(run('list-contacts', {}));
        check(defunct instanceof sdk.ConnectionError, `it is ${defunct.constructor.name}`);
        checkEqual(defunct.data.key, 'connection_is_defunct', 'its key');
    });
    await claims.method(name, 'AxiosError', 'an HTML 502 and a lost answer stay what the library makes of them', async () => {
        await turn(sandbox, 'faults', { fault: 'error_502', system: 'hubspot', customer });
        const gateway = await refusalOf(run('list-contacts', {}));
        checkEqual([gateway.name, gateway.response?.status], ['AxiosError', 502], 'the error');
        await turn(sandbox, 'faults', { fault: 'lose_answer', system: 'hubspot', customer });
        const lost = await refusalOf(run('list-contacts', {}));
        checkEqual([lost.isAxiosError, lost.code, lost.response?.status], [true, 'ECONNRESET', undefined],
            'the error without an answer');
    });
}

async function claimIsolation(claims, { name, Client, isNew }, url) {
    const mine = new Client({ apiUri: url, token: tokenOf(customer) });
    const theirs = new Client({ apiUri: url, token: tokenOf(other) });
    await claims.method(name, 'two customers', 'neither sees the other\'s connections or records', async () => {
        const connection = await mine.connection('hubspot').get();
        checkEqual((await refusalOf(theirs.connection(connection.id).get())).data.key, 'not_found', 'the error');
        const email = `mine.${isNew ? 'new' : 'old'}@sdk.example`;
        const { output } = await mine.connection('hubspot').action('create-contact').run({ name: 'Mine', email });
        const { output: seen } = await theirs.connection('hubspot').action('list-contacts').run({ filter: { email } });
        checkEqual(seen.records, [], 'what the other one sees');
        const error = await refusalOf(theirs.connection('hubspot').action('get-contact').run({ id: output.id }));
        checkEqual(error.data.data.response.status, 404, 'the CRM\'s answer');
        await mine.connection('hubspot').action('delete-contact').run({ id: output.id });
    });
}

export async function claimIntegrationApp(claims, url, sandbox) {
    for (const each of sdks) {
        await claimSelf(claims, each, url);
        await claimConnections(claims, each, url, sandbox);
        await claimCatalog(claims, each, url);
        await claimRuns(claims, each, url);
        await claimData(claims, each, url);
        await claimErrors(claims, each, url, sandbox);
        await claimIsolation(claims, each, url);
    }
}
