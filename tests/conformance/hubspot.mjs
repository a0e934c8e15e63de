// HubSpot's contacts, by its own client.
import { createRequire } from 'node:module';

import { check, checkEqual } from '../browser/support.mjs';
import { checkIncludes, oneRefusedOf, refusalOf, turn } from './tools.mjs';

const require = createRequire(import.meta.url);
const { Client } = require('@hubspot/api-client');
const { ApiException } = require('@hubspot/api-client/lib/codegen/crm/contacts/apis/exception.js');

const name = '@hubspot/api-client';
const customer = 'hubspot-client';
const addedContacts = 250;

function clientOf(url, accessToken = 'sandbox', asCustomer = customer) {
    return new Client({
        accessToken,
        basePath: `${url}/hubspot`,
        defaultHeaders: { 'x-customer': asCustomer },
        limiterOptions: { minTime: 0, maxConcurrent: 8 },  // its own 9 a second would only make this slow
    });
}

async function checkException(promise, code, wanted) {
    const error = await refusalOf(promise);
    // Each part of the client has an exception class of its own, all of this name.
    check(error.constructor.name === ApiException.name, `it is ${error.constructor.name}: ${error.message}`);
    checkEqual(error.code, code, 'its code');
    for (const [key, value] of Object.entries(wanted)) checkEqual(error.body[key], value, `its ${key}`);
    check(error.body.correlationId, 'it has no correlation id');
    return error;
}

async function claimBasics(claims, { basicApi }) {
    let id;
    await claims.method(name, 'basicApi.create()', '201 with what was set, e-mail in lower case', async () => {
        const made = await basicApi.create({
            properties: { email: 'Basic@HubSpot.example', firstname: 'Ann', lastname: 'Lee', phone: '+1 212 555 0100' },
            associations: [],
        });
        id = made.id;
        checkEqual([made.properties.email, made.properties.phone], ['basic@hubspot.example', '+1 212 555 0100'], 'it');
        check(made.createdAt instanceof Date && /^\d{12,}$/.test(id), `id ${id}`);
    });
    await claims.method(name, 'basicApi.getById()', 'the default properties; asked ones replace them; unset is null',
        async () => {
            const usual = await basicApi.getById(id);
            checkEqual(Object.keys(usual.properties).sort(),
                ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'], 'properties');
            const asked = await basicApi.getById(id, ['jobtitle', 'no_such_property']);
            checkEqual([asked.properties.jobtitle, 'no_such_property' in asked.properties, 'email' in asked.properties],
                [null, false, false], 'what was asked');
            const two = await basicApi.getById(id, ['jobtitle', 'phone']);
            checkEqual(two.properties.phone, '+1 212 555 0100', 'the second that was asked');
        });
    await claims.method(name, 'basicApi.getById(idProperty)', 'by e-mail, whatever its case', async () => {
        const found = await basicApi.getById('BASIC@hubspot.example', undefined, undefined, undefined, false, 'email');
        checkEqual(found.id, id, 'its id');
    });
    await claims.method(name, 'basicApi.update()', 'answers with what changed, not with the contact', async () => {
        const changed = await basicApi.update(id, { properties: { jobtitle: 'CTO' } });
        checkEqual([changed.properties.jobtitle, 'email' in changed.properties], ['CTO', false], 'the answer');
        const cleared = await basicApi.update(id, { properties: { jobtitle: '' } });
        checkEqual(cleared.properties.jobtitle, null, 'cleared');
        const { updatedAt } = await basicApi.getById(id);
        await basicApi.update(id, { properties: { lastname: 'Lee' } });
        checkEqual((await basicApi.getById(id)).updatedAt, updatedAt, 'the time after writing the same again');
    });
    await claims.method(name, 'basicApi.update(idProperty)', 'by e-mail', async () => {
        const changed = await basicApi.update('basic@hubspot.example', { properties: { company: 'ACME' } }, 'email');
        checkEqual([changed.id, changed.properties.company], [id, 'ACME'], 'the contact');
    });
    await claims.method(name, 'basicApi.archive()', '204 twice; gone, and in the archive', async () => {
        await basicApi.archive(id);
        await basicApi.archive(id);
        await checkException(basicApi.getById(id), 404, { message: 'resource not found' });
        const gone = await basicApi.getById(id, undefined, undefined, undefined, true);
        check(gone.archived && gone.archivedAt instanceof Date, 'it is not archived');
        const { results } = await basicApi.getPage(100, undefined, undefined, undefined, undefined, true);
        checkIncludes(results.map((each) => each.id), id, 'the archive');
    });
}

async function claimBatches(claims, { batchApi, basicApi }) {
    const emailOf = (number) => `batch${String(number).padStart(3, '0')}@hubspot.example`;
    const ids = new Map();
    await claims.method(name, 'batchApi.create()', `${addedContacts} contacts, 100 a call at most`, async () => {
        for (let first = 0; first < addedContacts; first += 100) {
            const inputs = [];
            for (let at = first; at < Math.min(first + 100, addedContacts); at += 1) {
                inputs.push({ properties: { email: emailOf(at), firstname: `B${at}`, company: 'Batch' }, associations: [] });
            }
            const answer = await batchApi.create({ inputs });
            checkEqual([answer.status, answer.results.length], ['COMPLETE', inputs.length], 'the answer');
            for (const { id, properties } of answer.results) ids.set(properties.email, id);
        }
        checkEqual(ids.size, addedContacts, 'contacts');
        const many = Array.from({ length: 101 }, () => ({ properties: { firstname: 'x' }, associations: [] }));
        await checkException(batchApi.create({ inputs: many }), 400, { category: 'VALIDATION_ERROR' });
    });
    await claims.method(name, 'batchApi.create()', 'one bad input refuses all; with trace ids 207 tells which',
        async () => {
            const inputs = [
                { properties: { email: 'fine@hubspot.example' }, associations: [] },
                { properties: { email: emailOf(0) }, associations: [] },
            ];
            await checkException(batchApi.create({ inputs }), 409, { category: 'CONFLICT' });
            await checkException(basicApi.getById('fine@hubspot.example', undefined, undefined, undefined, false,
                'email'), 404, {});
            const traced = inputs.map((input, at) => ({ ...input, objectWriteTraceId: `trace-${at}` }));
            const answer = await batchApi.create({ inputs: traced });
            checkEqual([answer.results.length, answer.numErrors], [1, 1], 'the answer');
            checkEqual(answer.results[0].objectWriteTraceId, 'trace-0', 'the one that went well');
            checkEqual([answer.errors[0].category, answer.errors[0].context.objectWriteTraceId],
                ['CONFLICT', ['trace-1']], 'the one that did not');
        });
    await claims.method(name, 'batchApi.read()', 'by id and by e-mail, in any order; 207 for those missing', async () => {
        const wanted = [emailOf(1), emailOf(2)];
        const byEmail = await batchApi.read({
            inputs: wanted.map((id) => ({ id })), idProperty: 'email', properties: ['email'], propertiesWithHistory: [],
        });
        checkEqual(byEmail.results.map((each) => each.properties.email).sort(), wanted, 'by e-mail');
        const byId = await batchApi.read({
            inputs: [{ id: ids.get(wanted[0]) }, { id: '999999999999' }], properties: [], propertiesWithHistory: [],
        });
        checkEqual([byId.results.length, byId.numErrors, byId.errors[0].context.ids], [1, 1, ['999999999999']], 'by id');
    });
    await claims.method(name, 'batchApi.update()', 'by id; the same id twice is refused as a whole', async () => {
        const id = ids.get(emailOf(3));
        const answer = await batchApi.update({ inputs: [{ id, properties: { jobtitle: 'Third' } }] });
        checkEqual(answer.results[0].properties.jobtitle, 'Third', 'the answer');
        const twice = [{ id, properties: { jobtitle: 'a' } }, { id, properties: { jobtitle: 'b' } }];
        await checkException(batchApi.update({ inputs: twice }), 400, { category: 'VALIDATION_ERROR' });
        checkEqual((await basicApi.getById(id, ['jobtitle'])).properties.jobtitle, 'Third', 'afterwards');
    });
    await claims.method(name, 'batchApi.upsert()', 'by e-mail: says which are new', async () => {
        const answer = await batchApi.upsert({ inputs: [
            { id: emailOf(4), idProperty: 'email', properties: { jobtitle: 'Fourth' } },
            { id: 'upserted@hubspot.example', idProperty: 'email', properties: { firstname: 'New' } },
        ] });
        // The client names the member "new" after its declaration.
        const flags = Object.fromEntries(answer.results.map((each) => [each.id, each._new ?? each.new]));
        checkEqual([flags[ids.get(emailOf(4))], Object.values(flags).filter(Boolean).length], [false, 1], 'new ones');
    });
    await claims.method(name, 'batchApi.archive()', '204; ids that name nobody are no error', async () => {
        const id = ids.get(emailOf(5));
        await batchApi.archive({ inputs: [{ id }, { id: '999999999999' }] });
        await checkException(basicApi.getById(id), 404, {});
    });
}

async function claimLists(claims, client) {
    const { basicApi } = client.crm.contacts;
    let all;
    await claims.method(name, 'basicApi.getPage()', 'pages of 100 by `after`; each contact once', async () => {
        const ids = [];
        let after;
        do {
            const answer = await basicApi.getPage(100, after);
            ids.push(...answer.results.map((each) => each.id));
            after = answer.paging?.next?.after;
        } while (after);
        check(ids.length > addedContacts, `only ${ids.length}`);
        checkEqual(new Set(ids).size, ids.length, 'different ids');
        all = ids;
        await checkException(basicApi.getPage(101), 400, { category: 'VALIDATION_ERROR' });
    });
    await claims.method(name, 'contacts.getAll()', 'the client\'s own walk sees the same', async () => {
        const seen = await client.crm.contacts.getAll(100);
        checkEqual(seen.map((each) => each.id).sort(), [...all].sort(), 'ids');
    });
}

async function claimSearch(claims, { searchApi, basicApi, batchApi }, sandbox) {
    const search = (question) => searchApi.doSearch({ limit: 100, sorts: [], properties: ['email'], filterGroups: [],
        ...question });
    const filter = (propertyName, operator, more) => ({ propertyName, operator, ...more });
    const oneGroup = (...filters) => search({ filterGroups: [{ filters }] });
    await claims.method(name, 'searchApi.doSearch()', '250 found by pages of 200, counted, `after` is an offset',
        async () => {
            const filterGroups = [{ filters: [filter('company', 'EQ', { value: 'batch' })] }];
            const first = await search({ filterGroups, limit: 200 });
            checkEqual([first.results.length, first.paging.next.after], [200, '200'], 'the first page');
            const second = await search({ filterGroups, limit: 200, after: '200' });
            checkEqual(first.results.length + second.results.length, first.total, 'all');
            checkEqual([first.total >= 248, second.paging], [true, undefined], 'the last page');
        });
    await claims.method(name, 'searchApi.doSearch({filterGroups})', 'every operator', async () => {
        const email = 'batch010@hubspot.example';
        const emails = async (...filters) => (await oneGroup(...filters)).results.map((each) => each.properties.email);
        const { id } = await basicApi.getById(email, undefined, undefined, undefined, false, 'email');
        for (const [property, operator, more] of [
            ['email', 'EQ', { value: email.toUpperCase() }], ['email', 'IN', { values: [email] }],
            ['email', 'CONTAINS_TOKEN', { value: 'batch010' }], ['email', 'CONTAINS_TOKEN', { value: 'batch01*' }],
            ['hs_object_id', 'EQ', { value: id }], ['hs_object_id', 'GTE', { value: id }],
            ['hs_object_id', 'LTE', { value: id }], ['hs_object_id', 'BETWEEN', { value: id, highValue: id }],
            ['company', 'HAS_PROPERTY', {}], ['jobtitle', 'NOT_HAS_PROPERTY', {}],
            ['email', 'NEQ', { value: 'x' }], ['email', 'NOT_IN', { values: ['x'] }],
            ['email', 'NOT_CONTAINS_TOKEN', { value: 'x' }], ['createdate', 'GT', { value: '2020-01-01T00:00:00Z' }],
            ['lastmodifieddate', 'LT', { value: String(Date.now() + 60000) }],
        ]) {
            const found = await emails(filter(property, operator, more), filter('email', 'EQ', { value: email }));
            checkEqual(found, [email], `${property} ${operator}`);
        }
        checkEqual(await emails(filter('hs_object_id', 'GT', { value: id }), filter('hs_object_id', 'EQ', { value: id })),
            [], 'GT its own id');
    });
    await claims.method(name, 'searchApi.doSearch({query, sorts})', 'words, and one sort either way', async () => {
        checkEqual((await search({ query: 'batch011 batch' })).results.map((each) => each.properties.email),
            ['batch011@hubspot.example'], 'by words');
        const question = { query: 'batch02', sorts: ['-email'] };
        const emails = (await search(question)).results.map((each) => each.properties.email);
        checkEqual(emails, [...emails].sort().reverse(), 'sorted');
        check(emails.length === 10, `${emails.length} found`);
    });
    await claims.method(name, 'searchApi.doSearch()', '400: past 10,000, six groups, an unknown property', async () => {
        const filters = [filter('email', 'HAS_PROPERTY', {})];
        await checkException(search({ limit: 100, after: '9950' }), 400, { category: 'VALIDATION_ERROR' });
        await checkException(search({ filterGroups: Array(6).fill({ filters }) }), 400, { category: 'VALIDATION_ERROR' });
        await checkException(oneGroup(filter('shoe_size', 'EQ', { value: '44' })), 400,
            { category: 'VALIDATION_ERROR' });
    });
    await claims.method(name, 'searchApi.doSearch()', 'a new contact is not found before the lag is over', async () => {
        await turn(sandbox, 'rest', { customer, searchLagMs: 600000 });
        const { id } = await basicApi.create({ properties: { email: 'late@hubspot.example' }, associations: [] });
        const look = async () => (await oneGroup(filter('hs_object_id', 'EQ', { value: id }))).total;
        checkEqual([await look(), (await basicApi.getById(id)).id], [0, id], 'found, and read by id');
        const read = await batchApi.read({ inputs: [{ id }], properties: [], propertiesWithHistory: [] });
        checkEqual(read.results.length, 1, 'read in a batch');
        await turn(sandbox, 'rest', { customer });
        checkEqual(await look(), 1, 'found afterwards');
    });
}

async function claimMerge(claims, { basicApi }, sandbox) {
    const two = async (word) => {
        const ids = [];
        for (const each of ['a', 'b']) {
            const email = `${word}.${each}@hubspot.example`;
            ids.push((await basicApi.create({ properties: { email, firstname: each }, associations: [] })).id);
        }
        return ids;
    };
    const merge = (primaryObjectId, objectIdToMerge) => basicApi.merge({ primaryObjectId, objectIdToMerge });
    await claims.method(name, 'basicApi.merge()', 'a new id; both old ones name it; the loser\'s e-mail stays on it',
        async () => {
            const [first, second] = await two('merge');
            const left = await merge(first, second);
            check(left.id !== first && left.id !== second, `the id is ${left.id}`);
            for (const old of [first, second]) checkEqual((await basicApi.getById(old)).id, left.id, old);
            const read = await basicApi.getById(left.id, ['hs_additional_emails']);
            checkEqual(read.properties.hs_additional_emails, 'merge.b@hubspot.example', 'the other address');
        });
    await claims.method(name, 'basicApi.merge()', 'with the switch: the primary keeps its id', async () => {
        await turn(sandbox, 'rest', { customer, keepMergedId: true });
        const [first, second] = await two('kept');
        checkEqual((await merge(first, second)).id, first, 'the id');
        checkEqual((await basicApi.getById(second)).id, first, 'what the other one names');
        await turn(sandbox, 'rest', { customer });
    });
    await claims.method(name, 'basicApi.merge()', 'refuses one with itself, and one that is not there', async () => {
        const [first] = await two('alone');
        await checkException(merge(first, first), 400, { category: 'VALIDATION_ERROR' });
        await checkException(merge(first, '999999999999'), 404, {});
    });
}

async function claimErrors(claims, url, sandbox, { basicApi }) {
    const make = (properties) => basicApi.create({ properties, associations: [] });
    await claims.method(name, 'ApiException', '409 names the id of the contact that has the e-mail', async () => {
        const { id } = await make({ email: 'used@hubspot.example' });
        await checkException(make({ email: 'USED@hubspot.example' }), 409,
            { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${id}` });
    });
    await claims.method(name, 'ApiException', '400 names the property and the fault', async () => {
        for (const [properties, code] of [[{ shoe_size: '44' }, 'PROPERTY_DOESNT_EXIST'],
            [{ hs_object_id: '1' }, 'READ_ONLY_VALUE'], [{ email: 'nonsense' }, 'INVALID_EMAIL']]) {
            const error = await checkException(make(properties), 400, { category: 'VALIDATION_ERROR' });
            checkEqual(error.body.errors[0].code, code, 'the code');
            checkEqual(error.body.errors[0].context.propertyName, Object.keys(properties), 'the property');
        }
        await checkException(make({}), 400, { category: 'VALIDATION_ERROR' });
    });
    await claims.method(name, 'ApiException', '404: no such number, and no number at all', async () => {
        await checkException(basicApi.getById('999999999999'), 404, { message: 'resource not found' });
        await checkException(basicApi.getById('nobody'), 404, { category: 'OBJECT_NOT_FOUND' });
    });
    await claims.method(name, 'ApiException', '401 for another token', async () => {
        await checkException(clientOf(url, 'wrong').crm.contacts.basicApi.getPage(), 401,
            { category: 'INVALID_AUTHENTICATION' });
    });
    await claims.method(name, 'ApiException', '429 of a burst, of searches, of a day', async () => {
        const limited = `${customer}-limited`;
        const { basicApi: basic, searchApi } = clientOf(url, 'sandbox', limited).crm.contacts;
        await turn(sandbox, 'rest', { customer: limited, limited: true });
        const question = { limit: 1, sorts: [], properties: [], filterGroups: [] };
        await checkException(oneRefusedOf(12, () => searchApi.doSearch(question)), 429, { policyName: 'SECONDLY', errorType: 'RATE_LIMIT' });
        await checkException(oneRefusedOf(130, () => basic.getPage(1)), 429, { policyName: 'TEN_SECONDLY_ROLLING', errorType: 'RATE_LIMIT' });
        await turn(sandbox, 'rest', { customer: limited, limited: true, daily: 1 });
        await basic.getPage(1);
        const error = await checkException(basic.getPage(1), 429, { policyName: 'DAILY' });
        check(error.body.requestId, 'it has no request id');
    });
    await claims.method(name, 'basicApi.getPageWithHttpInfo()', 'the rate-limit headers count down', async () => {
        const info = async () => (await basicApi.getPageWithHttpInfo(1)).headers;
        const [first, second] = [await info(), await info()];
        checkEqual([first['x-hubspot-ratelimit-max'], first['x-hubspot-ratelimit-interval-milliseconds']],
            ['110', '10000'], 'the headers');
        const left = (headers) => Number(headers['x-hubspot-ratelimit-remaining']);
        check(left(second) < left(first) || left(second) === 0, `${left(first)}, then ${left(second)}`);
    });
}

async function claimRest(claims, { basicApi }, client) {
    const make = async (email) => (await basicApi.create({ properties: { email }, associations: [] })).id;
    await claims.method(name, 'basicApi.purge()', '204; nothing of it is left, and its e-mail is free', async () => {
        const id = await make('purged@hubspot.example');
        await basicApi.purge({ objectId: id });
        await checkException(basicApi.getById(id), 404, { message: 'resource not found' });
        await checkException(basicApi.getById(id, undefined, undefined, undefined, true), 404, {});
        check(await make('purged@hubspot.example') !== id, 'it is back');
    });
    await claims.method(name, 'basicApi.purge({idProperty})', 'by e-mail; 404 for nobody', async () => {
        await basicApi.purge({ objectId: 'purged@hubspot.example', idProperty: 'email' });
        await checkException(basicApi.purge({ objectId: 'purged@hubspot.example', idProperty: 'email' }), 404, {});
    });
    await claims.method(name, 'basicApi.getById(propertiesWithHistory)', 'the values of the last hour, newest first',
        async () => {
            const id = await make('history@hubspot.example');
            for (const jobtitle of ['Clerk', 'Chief']) await basicApi.update(id, { properties: { jobtitle } });
            const { propertiesWithHistory } = await basicApi.getById(id, undefined, ['jobtitle', 'email']);
            checkEqual(propertiesWithHistory.jobtitle.map((each) => each.value), ['Chief', 'Clerk'], 'titles');
            check(propertiesWithHistory.email[0].timestamp instanceof Date, 'no time');
        });
    await claims.method(name, 'associations.v4.basicApi', 'none; 404 for the other object, 400 in a create', async () => {
        const { basicApi: associations } = client.crm.associations.v4;
        const id = await make('associated@hubspot.example');
        checkEqual((await associations.getPage('contacts', id, 'companies')).results, [], 'the list');
        await checkException(associations.create('contacts', id, 'companies', '17', []), 404, {});
        await checkException(associations.archive('contacts', id, 'companies', '17'), 404, {});
        await checkException(associations.getPage('contacts', '1', 'companies'), 404, {});
        const found = await basicApi.getById(id, undefined, undefined, ['companies']);
        checkEqual([found.id, found.associations], [id, undefined], 'the contact');
        const to = { to: { id: '17' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }] };
        await checkException(basicApi.create({ properties: { firstname: 'A' }, associations: [to] }), 400,
            { category: 'VALIDATION_ERROR' });
    });
}

async function claimProperties(claims, client) {
    const { coreApi } = client.crm.properties;
    await claims.method(name, 'properties.coreApi.getAll()', 'what a contact consists of', async () => {
        const names = (await coreApi.getAll('contacts')).results.map((each) => each.name);
        for (const each of ['email', 'firstname', 'lastname', 'phone', 'jobtitle', 'company', 'hs_object_id']) {
            checkIncludes(names, each, 'properties');
        }
    });
    await claims.method(name, 'properties.coreApi.getByName()', 'one of them; 404 for another', async () => {
        const property = await coreApi.getByName('contacts', 'hs_object_id');
        checkEqual(property.modificationMetadata.readOnlyValue, true, 'read-only');
        await checkException(coreApi.getByName('contacts', 'shoe_size'), 404, { category: 'OBJECT_NOT_FOUND' });
    });
}

export async function claimHubSpot(claims, url, sandbox) {
    const client = clientOf(url);
    const { contacts } = client.crm;
    await claimBasics(claims, contacts);
    await claimBatches(claims, contacts);
    await claimLists(claims, client);
    await claimSearch(claims, contacts, sandbox);
    await claimMerge(claims, contacts, sandbox);
    await claimErrors(claims, url, sandbox, contacts);
    await claimRest(claims, contacts, client);
    await claimProperties(claims, client);
}
