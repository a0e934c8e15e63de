// The description of the API against the server: a validator of OpenAPI 3.1 takes it, and what the server
// answers has the described shape, member by member: one that nobody described is a fault. At the end an
// external app, generated from the description alone, lists, finds, creates, updates and deletes.
import { createHmac } from 'node:crypto';

import { Validator } from '@seriousme/openapi-schema-validator';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

import { check, checkEqual } from '../browser/support.mjs';
import { makeFolder, ServerProcess } from './world.mjs';

/** The schemas with no room for members that are not described. */
function closed(value) {
    if (Array.isArray(value)) return value.map(closed);
    if (value === null || typeof value !== 'object') return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
    if (copy.type === 'object' && copy.properties && !('additionalProperties' in copy)) {
        copy.additionalProperties = false;
    }
    return copy;
}

/** A description, and what it says of an answer. */
class Description {
    seen = new Set();

    constructor(document) {
        this.document = document;
        this.ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, discriminator: false });
        this.ajv.addKeyword('components');
        addFormats(this.ajv);
        this.ajv.addSchema({ $id: 'api:/', components: { schemas: closed(document.components.schemas) } });
        this.operations = [];
        for (const [path, methods] of Object.entries(document.paths)) {
            for (const [method, operation] of Object.entries(methods)) {
                this.operations.push({ path, method: method.toUpperCase(), ...operation });
            }
        }
    }

    find(operationId) {
        const found = this.operations.find((operation) => operation.operationId === operationId);
        check(found, `there is no operation ${operationId}`);
        return found;
    }

    compile(schema) {
        const text = JSON.stringify(closed(schema)).replaceAll('"#/components', '"api:/#/components');
        return this.ajv.compile(JSON.parse(text));
    }

    resolve(response) {
        if (!response?.$ref) return response;
        return this.document.components.responses[response.$ref.split('/').at(-1)];
    }

    checkAnswer(operation, status, type, body) {
        const name = `${operation.operationId} ${status}`;
        const response = this.resolve(operation.responses[status]);
        check(response, `${name} is not described; it said ${body}`);
        this.seen.add(name);
        if (!response.content) return checkEqual(body, '', `the body of ${name}`);
        const media = type.split(';')[0];
        check(response.content[media], `${name} came as ${media}`);
        if (media !== 'application/json') return undefined;
        const validate = this.compile(response.content[media].schema);
        check(validate(JSON.parse(body)), `${name} is not as described: ` +
            `${JSON.stringify(validate.errors?.slice(0, 3))} in ${body.slice(0, 600)}`);
        return undefined;
    }
}

/** Calls operations by their ids, the way a generated client does, and checks each answer. */
class Client {
    constructor(url, description, headers = {}) {
        Object.assign(this, { url, description, headers });
    }

    async call(operationId, { parts = {}, query = {}, body, headers = {}, status, type } = {}) {
        const operation = this.description.find(operationId);
        let { path } = operation;
        for (const [name, value] of Object.entries(parts)) {
            check(path.includes(`{${name}}`), `${path} has no {${name}}`);
            path = path.replace(`{${name}}`, encodeURIComponent(value));
        }
        check(!path.includes('{'), `${path} lacks a part`);
        const known = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
        for (const name of Object.keys(query)) check(known.includes(name), `${name} is not described`);
        if (body !== undefined && !type && status < 400) {
            const schema = operation.requestBody?.content['application/json']?.schema;
            check(schema, `${operationId} takes no JSON`);
            const validate = this.description.compile(schema);
            check(validate(body), `the body is not as described: ${JSON.stringify(validate.errors)}`);
        }
        const search = new URLSearchParams(query).toString();
        const response = await fetch(this.url + path + (search && `?${search}`), {
            method: operation.method,
            headers: {
                ...(body === undefined ? {} : { 'Content-Type': type ?? 'application/json' }),
                ...this.headers, ...headers,
            },
            body: body === undefined || type ? body : JSON.stringify(body),
        });
        const text = await response.text();
        checkEqual(response.status, status, `${operationId} said ${text.slice(0, 400)}`);
        this.description.checkAnswer(operation, status, response.headers.get('content-type') ?? '', text);
        check(response.headers.get('x-request-id'), `${operationId} has no request id`);
        return { headers: response.headers, body: text && !type ? JSON.parse(text) : text };
    }
}

async function walkContacts(client) {
    const contact = { name: 'Ada', email: 'ada@description.test', tags: ['math'], emails: ['ada@description.test'] };
    const made = (await client.call('createContact', { body: contact, status: 201 })).body.contact;
    await client.call('createContact', { body: contact, status: 200 });
    await client.call('createContact', { body: { nonsense: 1 }, status: 422 });
    const parts = { id: made.id };
    const found = await client.call('findContact', { parts, status: 200 });
    await client.call('findContact', { parts: { id: 'nobody' }, status: 404 });
    const tag = found.headers.get('etag');
    await client.call('updateContact', { parts, body: { name: 'Ada L.' }, headers: { 'If-Match': tag }, status: 200 });
    await client.call('updateContact', { parts, body: { name: 'Ada K.' }, headers: { 'If-Match': tag }, status: 412 });
    await client.call('listContacts', { query: { limit: 2, sort: '-updatedAt' }, status: 200 });
    await client.call('listContacts', { query: { sort: 'nonsense' }, status: 400 });
    const bulk = { action: 'tag', ids: [made.id, 'nobody'], add: ['vip'] };
    await client.call('changeContacts', { body: bulk, status: 200 });
    const history = (await client.call('showHistory', { parts, status: 200 })).body.history;
    await client.call('undoChange', { parts: { id: history[0].id }, query: { preview: true }, status: 200 });
    await client.call('listTags', { status: 200 });
    const twin = { name: 'Twin', email: 'twin@openapi.example' };
    const other = (await client.call('createContact', { body: twin, status: 201 })).body.contact;
    await client.call('listDuplicates', { query: { limit: 5 }, status: 200 });
    await client.call('listDuplicates', { query: { email: twin.email }, status: 200 });
    await client.call('keepSeparate', { body: { ids: [made.id, other.id] }, status: 200 });
    const merge = { winner: made.id, loser: other.id, fields: { name: 'winner' } };
    await client.call('mergeContacts', { body: merge, query: { preview: true }, status: 200 });
    const merged = (await client.call('mergeContacts', { body: merge, status: 200 })).body.merge;
    await client.call('undoChange', { parts: { id: merged.id }, query: { preview: true }, status: 200 });
    await client.call('findContact', { parts, query: { at: '2999-01-01T00:00:00Z' }, status: 200 });
    await client.call('deleteContact', { parts, status: 200 });
    await client.call('restoreContact', { parts, status: 200 });
    await client.call('deleteContactByEmail', { query: { email: contact.email }, status: 200 });
    await client.call('purgeContacts', { body: { olderThanDays: 30 }, status: 200 });
}

async function walkSync(client, sandbox) {
    const stranger = await fetch(`${sandbox}/hubspot/crm/v3/objects/contacts`, {
        method: 'POST',
        headers: { Authorization: 'Bearer sandbox', 'Content-Type': 'application/json' },
        body: JSON.stringify({ properties: { firstname: 'Nobody', phone: '123' } }),
    });
    checkEqual(stranger.status, 201, 'a record without e-mail');
    await client.call('startSync', { query: { preview: true, wait: true }, status: 200 });
    const { run } = (await client.call('startSync', { query: { wait: true }, status: 200 })).body;
    await client.call('startSync', { status: 202 });
    await client.call('showRun', { parts: { id: run.id }, status: 200 });
    await client.call('showRun', { parts: { id: 'none' }, status: 404 });
    await client.call('approveRun', { parts: { id: 'none' }, status: 404 });
    await client.call('discardRun', { parts: { id: 'none' }, status: 404 });
    await client.call('cancelRun', { parts: { id: 'none' }, status: 404 });
    for (const id of ['listRuns', 'showSync', 'listHolds', 'listConflicts', 'listConnections']) {
        await client.call(id, { status: 200 });
    }
    await client.call('pauseSync', { query: { system: 'hubspot' }, status: 200 });
    await client.call('resumeSync', { query: { system: 'hubspot' }, status: 200 });
    const { contacts } = (await client.call('listContacts', { query: { limit: 1 }, status: 200 })).body;
    await client.call('showContactSync', { parts: { id: contacts[0].id }, status: 200 });
    const { holds } = (await client.call('listHolds', { status: 200 })).body;
    check(holds.length > 0, 'the sandbox has no held record to look at');
    await client.call('connectSystem', { parts: { system: 'hubspot' }, status: 200 });
}

async function walkTheRest(client) {
    for (const id of ['showHealth', 'showReady', 'showSelf', 'showIntegrationToken', 'showOpenApi', 'showDocs']) {
        await client.call(id, { status: 200, type: id === 'showDocs' ? 'text/html' : undefined });
    }
    for (const [format, type] of [['csv', 'text/csv'], ['vcf', 'text/vcard'], ['json', undefined]]) {
        await client.call('exportContacts', { query: { format }, status: 200, type });
    }
    await client.call('importContacts', {
        query: { format: 'csv' }, body: 'name,email\nEve,eve@description.test\n,broken\n', status: 200, type: 'text/csv',
    });
    await client.call('listUsers', { status: 200 });
    const user = { email: 'new@description.test', role: 'viewer', password: 'correct horse battery' };
    const made = (await client.call('createUser', { body: user, status: 201 })).body.user;
    await client.call('createUser', { body: user, status: 409 });
    await client.call('updateUser', { parts: { id: made.id }, body: { role: 'editor' }, status: 200 });
    await client.call('listTokens', { status: 200 });
    await client.call('showAudit', { status: 200 });
    await client.call('onCreate', { body: {}, status: 401 });
}

/** As Integration.app signs it for a customer. */
function workspaceToken(claims, secret = 'sandbox-secret') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = `${part({ alg: 'HS512', typ: 'JWT' })}.${part({ iss: 'sandbox', ...claims })}`;
    return `${head}.${createHmac('sha512', secret).update(head).digest('base64url')}`;
}

/** The five operations of a connector, with nothing but the description and a token. */
async function useAsExternalApp(client, mail) {
    const made = (await client.call('createContact', { body: { name: 'Ext', email: mail }, status: 201 })).body.contact;
    const { contacts } = (await client.call('listContacts', { query: { sort: '-updatedAt' }, status: 200 })).body;
    checkEqual(contacts[0].id, made.id, 'the newest change comes first');
    const parts = { id: made.id };
    await client.call('updateContact', { parts, body: { jobTitle: 'CTO' }, status: 200 });
    const found = (await client.call('findContact', { parts, status: 200 })).body.contact;
    checkEqual([found.jobTitle, found.email], ['CTO', mail], 'what was written');
    await client.call('deleteContact', { parts, status: 200 });
    checkEqual((await client.call('findContact', { parts, status: 200 })).body.contact.deleted, true, 'deleted');
    return made.id;
}

export const name = 'openapi';

export async function run(report) {
    const flags = ['--sandbox', '--sync-interval', '0'];
    const app = await new ServerProcess(makeFolder(), flags, {}).start();
    const document = await (await fetch(`${app.url}/api/openapi.json`)).json();
    const description = new Description(document);
    await report.check('a validator of OpenAPI 3.1 takes the description', async () => {
        const result = await new Validator().validate(structuredClone(document));
        check(result.valid, `it says ${JSON.stringify(result.errors)}`);
        const broken = structuredClone(document);
        delete broken.paths['/api/contacts/{id}'].get.responses;
        broken.paths['/api/contacts/{id}'].get.parameters[0].in = 'nowhere';
        check(!(await new Validator().validate(broken)).valid, 'the validator takes anything');
    });
    await report.check('every schema of it can be compiled', async () => {
        for (const schema of Object.keys(document.components.schemas)) {
            description.compile({ $ref: `#/components/schemas/${schema}` });
        }
    });
    const client = new Client(app.url, description);
    await report.check('answers about contacts are as described', () => walkContacts(client));
    await report.check('answers about sync are as described', () => walkSync(client, app.sandbox));
    await report.check('all other answers are as described', () => walkTheRest(client));
    await report.check('an external app in dev mode names its customer', async () => {
        await useAsExternalApp(new Client(app.url, description, { 'x-auth-id': 'tenant-1' }), 'ext@dev.test');
    });
    report.note(`${description.seen.size} answers compared, of ${description.operations.length} operations`);
    await app.stop();

    const expires = Math.floor(Date.now() / 1000) + 600;
    const open = await new ServerProcess(makeFolder(), ['--auth', 'login', ...flags], {}).start();
    await report.check('the well-known secret of the sandbox signs for nobody where people sign in', async () => {
        const token = workspaceToken({ sub: 'tenant-1', exp: expires });
        await new Client(open.url, description, { Authorization: `Bearer ${token}` })
            .call('listContacts', { status: 401 });
        await new Client(open.url, description, { 'X-Membrane-Token': token }).call('listContacts', { status: 401 });
    });
    await open.stop();

    const own = 'a secret of our own';
    const workspace = { INTEGRATION_APP_WORKSPACE_KEY: 'sandbox', INTEGRATION_APP_WORKSPACE_SECRET: own };
    const login = await new ServerProcess(makeFolder(), ['--auth', 'login', ...flags], workspace).start();
    await report.check('an external app with a token of the workspace sees its own customer only', async () => {
        const bearer = (claims, secret = own) => new Client(login.url, description,
            { Authorization: `Bearer ${workspaceToken({ exp: expires, ...claims }, secret)}` });
        const id = await useAsExternalApp(bearer({ sub: 'tenant-1' }), 'ext@login.test');
        const flow = new Client(login.url, description,
            { 'X-Membrane-Token': workspaceToken({ sub: 'tenant-1', exp: expires }, own) });
        await flow.call('findContact', { parts: { id }, status: 200 });
        await bearer({ sub: 'tenant-2' }).call('findContact', { parts: { id }, status: 404 });
        await bearer({ sub: 'tenant-1' }, 'another-secret').call('listContacts', { status: 401 });
        await bearer({ sub: 'tenant-1', exp: 1000 }).call('listContacts', { status: 401 });
        await bearer({ sub: 'tenant-1', iss: 'another' }).call('listContacts', { status: 401 });
        await bearer({ sub: 'tenant-1' }).call('listUsers', { status: 403 });
        await new Client(login.url, description, { 'x-auth-id': 'tenant-1' }).call('listContacts', { status: 401 });
    });
    await login.stop();
}
