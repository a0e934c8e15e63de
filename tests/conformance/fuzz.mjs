// Random requests from a seed, by two customers who know each other's ids: each must be answered, the sandbox
// must outlive them, nobody may see what is another one's, and a third customer's records must stay as they
// are.
import { checkEqual } from '../browser/support.mjs';
import { tokenOf } from './tools.mjs';

const requestCount = 2500;
const marks = { 'fuzz-one': 'Quxonezulu', 'fuzz-two': 'Quxtwozulu', 'fuzz-quiet': 'Quxquietzulu' };

/** Numbers that follow from the seed (mulberry32). */
function randomOf(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
    const below = (bound) => Math.floor(next() * bound);
    return { below, pick: (list) => list[below(list.length)], hits: (percent) => below(100) < percent };
}

const words = [
    '', '0', '-1', '1', '99999999999999999999', 'null', 'true', '{}', '[]', '%', '%00', '%ff', '%2e%2e', '..', '*', "'",
    '"', '\\', '<b>', 'ann', 'hubspot', 'pipedrive', 'contacts', 'persons', 'list-contacts', 'create-contact',
    'update-contact', 'delete-contact', 'get-contact', 'search', 'batch', 'merge', 'recents', 'collection', 'properties',
    'data', 'actions', 'run', 'test', 'x'.repeat(300), 'ünï', '名前', '\u202e',
];
/** C stands for a connection, A for an action, M for a method, P for a record, W for anything. */
const paths = [
    'self', 'connections', 'connections/C', 'connections/C/test', 'connections/C/actions', 'connections/C/actions/A',
    'connections/C/actions/A/run', 'connections/C/actions/A/run', 'connections/C/actions/A/run', 'connections/W/W/W/W',
    'connections/hubspot/data/contacts/M', 'connections/pipedrive/data/persons/M', 'connections/C/data/W/M',
    'integrations', 'integrations/C', 'integrations/C/actions', 'integrations/C/data', 'actions', 'actions/A',
    'actions/A/run', 'action', 'action-instance/run', 'act', 'W', 'W/W', 'W/W/W/W/W/W/W/W/W/W',
    'hubspot/crm/v3/objects/contacts', 'hubspot/crm/v3/objects/contacts/P', 'hubspot/crm/v3/objects/contacts/search',
    'hubspot/crm/v3/objects/contacts/merge', 'hubspot/crm/v3/objects/contacts/batch/read',
    'hubspot/crm/v3/objects/contacts/batch/M', 'hubspot/crm/v3/properties/contacts', 'hubspot/crm/v3/W/W',
    'pipedrive/v1/persons', 'pipedrive/v1/persons/P', 'pipedrive/v1/persons/search', 'pipedrive/v1/persons/collection',
    'pipedrive/v1/persons/P/merge', 'pipedrive/v1/recents', 'pipedrive/api/v2/persons', 'pipedrive/api/v2/persons/P',
    'pipedrive/api/v2/persons/search', 'pipedrive/W/W',
];
const places = {
    C: ['hubspot', 'pipedrive'],
    A: ['list-contacts', 'get-contact', 'create-contact', 'update-contact', 'delete-contact'],
    M: ['list', 'search', 'match', 'find-by-id', 'create', 'update', 'delete', 'read', 'upsert', 'archive'],
    P: [],
    W: [],
};
const names = [
    'id', 'ids', 'limit', 'cursor', 'start', 'after', 'archived', 'properties', 'idProperty', 'term', 'fields', 'query',
    'exact_match', 'sort_by', 'sort_direction', 'updated_since', 'since_timestamp', 'items', 'connectionId', 'integrationKey',
    'connectionKey', 'key', 'parentKey', 'input', 'filter', 'email', 'name', 'fullName', 'phone', 'inputs', 'filterGroups',
    'filters', 'propertyName', 'operator', 'value', 'values', 'highValue', 'sorts', 'emails', 'phones', 'primaryObjectId',
    'objectIdToMerge', 'merge_with_id', 'objectWriteTraceId', 'custom_fields', 'owner_id', 'unifiedFilter', 'credentials',
];
const values = [null, true, false, 0, -1, 1.5, 1e300, 9007199254740993, [], {}, [[]], [{}], ['a'], 'EQ', 'BETWEEN',
    'CONTAINS_TOKEN', 'email', 'hs_object_id', 'createdate', 'soon', 'x@fuzz.example', '2026-01-01T00:00:00Z'];

/** What would do something, to whomever the ids belong. */
function soundBody(random, ids) {
    const id = () => random.pick(ids);
    const email = `fuzz${random.below(50)}@fuzz.example`;
    const properties = { firstname: 'Fuzz', email };
    return random.pick([
        { name: 'Fuzz', email }, { id: id(), jobTitle: 'Fuzz' }, { id: id() }, { properties }, { query: 'zulu' },
        { id: id(), fields: { fullName: 'Fuzz' } }, { inputs: [{ id: id() }, { id: id() }], properties: ['jobtitle'] },
        { inputs: [{ id: id(), properties }] }, { inputs: [{ id: email, idProperty: 'email', properties }] },
        { primaryObjectId: id(), objectIdToMerge: id() }, { merge_with_id: Number(id()) || 1 },
        { filterGroups: [{ filters: [{ propertyName: 'lastname', operator: 'HAS_PROPERTY' }] }], limit: 200 },
        { key: 'get-contact', integrationKey: 'hubspot', input: { id: id() } }, { name: 'Fuzz', emails: [{ value: email }] },
    ]);
}

function makeBody(random, ids) {
    if (random.hits(40)) return JSON.stringify(soundBody(random, ids));
    const grow = (depth) => {
        const kind = random.below(depth > 0 ? 10 : 6);
        if (kind < 3) return random.pick(values);
        if (kind < 5) return random.pick(ids);
        if (kind < 6) return random.pick(words);
        if (kind < 7) return Array.from({ length: random.below(4) }, () => grow(depth - 1));
        const entries = Array.from({ length: random.below(5) }, () => [random.pick(names), grow(depth - 1)]);
        return Object.fromEntries(entries);
    };
    if (random.hits(10)) return random.pick(['', '{', '[1,', 'null', '\u0000', '{"a":'.repeat(500), 'id=1&x=2']);
    const body = grow(0);
    const full = { ...(typeof body === 'object' && !Array.isArray(body) ? body : {}) };
    for (let count = random.below(6); count > 0; count -= 1) full[random.pick(names)] = grow(4);
    return JSON.stringify(full);
}

function makeRequest(random, ids) {
    const word = () => encodeURIComponent(random.hits(60) ? random.pick(ids) : random.pick(words));
    const fill = (place) => {
        const known = places[place];
        return known.length > 0 && random.hits(85) ? random.pick(known) : word();
    };
    let target = `/${random.pick(paths).replace(/\b[CAMPW]\b/g, fill)}`;
    if (random.hits(5)) target = target.replace(/[a-z]/, () => random.pick(['%', '%zz', '//', '?', '#']));
    const query = Array.from({ length: random.below(4) }, () => `${random.pick(names)}=${word()}`);
    const isPosted = /(run|act|test)$|\/data\/|\/batch\/|contacts\/(search|merge)$/.test(target);
    const usual = isPosted ? 'POST' : random.pick(['GET', 'GET', 'GET', 'POST', 'PATCH']);
    const method = random.hits(75) ? usual : random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
    return {
        method,
        target: target + (query.length > 0 ? `?${query.join('&')}` : ''),
        body: method === 'GET' ? undefined : makeBody(random, ids),
        type: random.hits(90) ? 'application/json' : random.pick(['text/plain', 'application/x-www-form-urlencoded']),
    };
}

class Customers {
    constructor(url) {
        this.url = url;
        this.headers = {};
        for (const customer of Object.keys(marks)) {
            // Integration.app knows a customer by the token, the CRMs by the header.
            this.headers[customer] = {
                app: { Authorization: `Bearer ${tokenOf(customer)}` },
                crm: { Authorization: 'Bearer sandbox', 'x-customer': customer },
            };
        }
    }

    async ask(customer, { method, target, body, type }) {
        const isCrm = /^\/(hubspot|pipedrive)\//.test(target);
        const headers = { ...this.headers[customer][isCrm ? 'crm' : 'app'], 'Content-Type': type };
        const response = await fetch(this.url + target, { method, headers, body });
        return { status: response.status, text: await response.text(), all: JSON.stringify([...response.headers]) };
    }

    async run(customer, connection, action, input) {
        const { status, text } = await this.ask(customer, {
            method: 'POST', target: `/connections/${connection}/actions/${action}/run`, body: JSON.stringify(input),
            type: 'application/json',
        });
        checkEqual(status, 200, `${action} of ${customer}: ${text}`);
        return JSON.parse(text).output;
    }

    async everything(customer) {
        const all = [];
        for (const connection of ['hubspot', 'pipedrive']) {
            let cursor;
            do {
                const output = await this.run(customer, connection, 'list-contacts', { cursor });
                all.push(...output.records);
                ({ cursor } = output);
            } while (cursor);
        }
        return JSON.stringify(all);
    }
}

async function fill(customers) {
    const ids = [];
    for (const [customer, mark] of Object.entries(marks)) {
        for (const connection of ['hubspot', 'pipedrive']) {
            for (let at = 0; at < 8; at += 1) {
                const input = { name: `${mark} ${at}`, email: `${mark}.${at}@fuzz.example`, jobTitle: mark };
                ids.push((await customers.run(customer, connection, 'create-contact', input)).id);
            }
            const { text } = await customers.ask(customer, { method: 'GET', target: `/connections/${connection}` });
            ids.push(JSON.parse(text).id);
        }
    }
    return ids;
}

/** One check each: answered, alive, apart, untouched. */
export async function fuzz(claims, workspace) {
    const seed = Number(process.env.CONTACTS_SEED ?? 20260131);
    const random = randomOf(seed);
    const customers = new Customers(workspace.sandbox);
    const ids = await fill(customers);
    const before = await customers.everything('fuzz-quiet');
    const [unanswered, leaks, broken, statuses] = [[], [], [], new Map()];
    for (let count = 0; count < requestCount; count += 1) {
        const [customer, other] = random.pick([['fuzz-one', 'fuzz-two'], ['fuzz-two', 'fuzz-one']]);
        const request = makeRequest(random, ids);
        const what = `${customer} ${request.method} ${request.target} ${(request.body ?? '').slice(0, 300)}`;
        try {
            const { status, text, all } = await customers.ask(customer, request);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
            const seen = (text + all).toLowerCase();
            const isLeak = [marks[other], marks['fuzz-quiet']].some((mark) => seen.includes(mark.toLowerCase()));
            if (isLeak) leaks.push(`${what}\n    -> ${text.slice(0, 300)}`);
            if (status >= 500) broken.push(`${what}\n    -> ${status} ${text.slice(0, 300)}`);
        } catch (error) {
            unanswered.push(`${what}\n    -> ${error.cause?.message ?? error.message}`);
        }
    }
    const show = (list) => list.slice(0, 5).join('\n    ');
    const name = `${requestCount} random requests of seed ${seed}`;
    console.log(`       ${[...statuses].sort().map(([status, count]) => `${status}: ${count}`).join(', ')}`);
    claims.count(unanswered.length === 0, `${name}: each is answered`, show(unanswered));
    claims.count(broken.length === 0, `${name}: none breaks the sandbox`, show(broken));
    claims.count(leaks.length === 0, `${name}: nobody sees another one's records`, show(leaks));
    claims.count(before === await customers.everything('fuzz-quiet'), `${name}: a third customer's stay as they are`);
    const understood = [...statuses].filter(([status]) => status < 300).reduce((sum, [, each]) => sum + each, 0);
    claims.count(understood > requestCount / 5, `${name}: many of them are understood`,
        JSON.stringify([...statuses]));
}
