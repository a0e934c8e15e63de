// Pipedrive's persons, by both versions of its own client.
import { createRequire } from 'node:module';

import { check, checkEqual } from '../browser/support.mjs';
import { checkIncludes, oneRefusedOf, refusalOf, turn } from './tools.mjs';

const require = createRequire(import.meta.url);
const v1 = require('pipedrive/v1');
const v2 = require('pipedrive/v2');

const customer = 'pipedrive-client';

function configurationOf(versionModule, url, apiKey = 'sandbox', asCustomer = customer) {
    return new versionModule.Configuration({
        apiKey: `${apiKey}:${asCustomer}`,  // the recorder takes it apart
        basePath: `${url}/pipedrive/${versionModule === v1 ? 'v1' : 'api/v2'}`,
    });
}

/** The client rejects with the body of the answer. */
async function checkRefused(promise, errorCode, part = '') {
    const body = await refusalOf(promise);
    if (body instanceof Error) throw body;
    checkEqual([body.success, body.errorCode], [false, errorCode], `the refusal ${JSON.stringify(body).slice(0, 300)}`);
    check(String(body.error).includes(part), `it says ${body.error}`);
}

async function claimVersion1(claims, persons, recents) {
    const name = 'pipedrive/v1';
    let id;
    await claims.method(name, 'addPerson()', 'the name is split; nothing was merged', async () => {
        const { data, additional_data: more } = await persons.addPerson({ AddPersonRequest: {
            name: 'Mary Ann van der Berg', email: [{ value: 'Mary@Pipedrive.example', primary: true, label: 'work' }],
        } });
        id = data.id;
        checkEqual([data.first_name, data.last_name, more.didMerge], ['Mary', 'Ann van der Berg', false], 'the person');
        checkEqual([data.email[0].value, data.phone], ['Mary@Pipedrive.example', [{ value: '', primary: true }]], 'it');
        check(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(data.add_time), data.add_time);
    });
    await claims.method(name, 'getPerson()', 'the owner spelled out, an empty list as one blank value', async () => {
        const { data } = await persons.getPerson({ id });
        checkEqual([data.name, data.active_flag, data.owner_id.id], ['Mary Ann van der Berg', true, 1], 'the person');
    });
    await claims.method(name, 'updatePerson()', 'PUT replaces a list, keeps what is not named', async () => {
        const { data } = await persons.updatePerson({ id, UpdatePersonRequest: {
            email: [{ value: 'new@pipedrive.example' }, { value: 'second@pipedrive.example' }],
        } });
        checkEqual(data.email.map((each) => [each.value, each.primary, each.label]),
            [['new@pipedrive.example', true, 'work'], ['second@pipedrive.example', false, 'work']], 'the list');
        checkEqual(data.name, 'Mary Ann van der Berg', 'the name');
    });
    await claims.method(name, 'getPersons()', 'pages of 70 by start; next_start only where there is more', async () => {
        const ids = [];
        let start = 0;
        for (;;) {
            const { data, additional_data: { pagination } } = await persons.getPersons({ start, limit: 70 });
            ids.push(...data.map((each) => each.id));
            checkEqual('next_start' in pagination, pagination.more_items_in_collection, 'next_start is there');
            if (!pagination.more_items_in_collection) break;
            start = pagination.next_start;
        }
        check(ids.length >= 160 && new Set(ids).size === ids.length, `${ids.length} persons`);
        await checkRefused(persons.getPersons({ limit: 501 }), 400, 'limit');
    });
    await claims.method(name, 'getPersonsCollection()', 'the same by a cursor', async () => {
        const first = await persons.getPersonsCollection({ limit: 100 });
        const second = await persons.getPersonsCollection({ limit: 100, cursor: first.additional_data.next_cursor });
        check(first.data.at(-1).id < second.data[0].id, 'the pages overlap');
    });
    await claims.method(name, 'searchPersons()', 'part of a name or an address; exact_match; no times in it', async () => {
        const { data } = await persons.searchPersons({ term: 'second@pipe' });
        checkEqual(data.items.map(({ item }) => [item.id, item.type]), [[id, 'person']], 'found');
        check(!('update_time' in data.items[0].item), 'it has a time');
        const exact = (term) => persons.searchPersons({ term, exact_match: true, fields: 'name' });
        checkEqual((await exact('mary ann VAN der berg')).data.items.length, 1, 'exactly');
        checkEqual((await exact('mary ann')).data.items.length, 0, 'a part, exactly');
        await checkRefused(persons.searchPersons({ term: 'x' }), 400, 'term');
    });
    await claims.method(name, 'mergePersons()', 'the one of the address goes; the other keeps its values', async () => {
        const made = await persons.addPerson({ AddPersonRequest: { name: 'M. Berg', phone: ['+31 20 555 0100'] } });
        const { data } = await persons.mergePersons({ id, MergePersonsRequest: { merge_with_id: made.data.id } });
        checkEqual([data.id, data.name], [made.data.id, 'M. Berg'], 'what is left');
        checkIncludes(data.email.map((each) => each.value), 'new@pipedrive.example', 'its addresses');
        checkEqual((await persons.getPerson({ id })).data.active_flag, false, 'the other one is active');
        id = made.data.id;
    });
    await claims.method(name, 'deletePerson()', 'inactive; a second time 410 that claims success', async () => {
        checkEqual((await persons.deletePerson({ id })).data.id, id, 'the answer');
        checkEqual((await persons.getPerson({ id })).data.active_flag, false, 'active');
        const again = await refusalOf(persons.deletePerson({ id }));
        checkEqual([again.success, again.data.id], [true, id], 'the second time');
    });
    await claims.method(name, 'recents.getRecents()', 'what changed since then, the deleted ones too', async () => {
        const since = new Date(Date.now() - 600000).toISOString().slice(0, 19).replace('T', ' ');
        const { data, additional_data: more } = await recents.getRecents({ since_timestamp: since, items: 'person' });
        const found = data.find((each) => each.id === id);
        checkEqual([found.item, found.data.active_flag], ['person', false], 'the deleted one');
        check(more.last_timestamp_on_page >= since, 'the last time');
        await checkRefused(recents.getRecents({ since_timestamp: 'yesterday' }), 400, 'since_timestamp');
    });
}

async function claimVersion2(claims, persons) {
    const name = 'pipedrive/v2';
    let id;
    await claims.method(name, 'addPerson()', 'lists of e-mails and phones, the first one is the primary', async () => {
        const { data } = await persons.addPerson({ AddPersonRequest: {
            name: 'Two Point Oh', emails: [{ value: 'two@pipedrive.example' }], phones: [{ value: '+1 212 555 0102' }],
        } });
        id = data.id;
        checkEqual(data.emails, [{ value: 'two@pipedrive.example', label: 'work', primary: true }], 'the e-mails');
        check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(data.add_time), data.add_time);
    });
    await claims.method(name, 'getPerson()', 'whole numbers and plain flags', async () => {
        const { data } = await persons.getPerson({ id });
        checkEqual([data.is_deleted, data.visible_to, data.owner_id], [false, 3, 1], 'the person');
    });
    await claims.method(name, 'updatePerson()', 'PATCH; text where a number belongs is refused', async () => {
        const { data } = await persons.updatePerson({ id, UpdatePersonRequest: { name: 'Two Point One' } });
        checkEqual([data.first_name, data.emails.length], ['Two', 1], 'the person');
        await checkRefused(persons.updatePerson({ id, UpdatePersonRequest: { owner_id: '1' } }), 400, 'owner_id');
    });
    const walk = async (query) => {
        const all = [];
        let cursor;
        do {
            const answer = await persons.getPersons({ ...query, cursor });
            all.push(...answer.data);
            cursor = answer.additional_data.next_cursor ?? undefined;
        } while (cursor);
        return all;
    };
    await claims.method(name, 'getPersons()', 'pages of 250 and of 30 by cursor show the same', async () => {
        const [few, many] = [await walk({ limit: 250 }), await walk({ limit: 30 })];
        check(few.length >= 160, `only ${few.length}`);
        checkEqual(many.map((each) => each.id), few.map((each) => each.id), 'ids');
        await checkRefused(persons.getPersons({ cursor: 'nonsense' }), 400, 'cursor');
    });
    await claims.method(name, 'getPersons()', 'a row that goes while walking shifts nothing', async () => {
        const first = await persons.getPersons({ limit: 50 });
        const second = await persons.getPersons({ limit: 50, cursor: first.additional_data.next_cursor });
        await persons.deletePerson({ id: first.data[0].id });
        const again = await persons.getPersons({ limit: 50, cursor: first.additional_data.next_cursor });
        checkEqual(again.data.map((each) => each.id), second.data.map((each) => each.id), 'the second page');
    });
    await claims.method(name, 'getPersons({sort_by, updated_since, ids})', 'in order, newer ones, these only',
        async () => {
            const times = (await walk({ sort_by: 'update_time', sort_direction: 'desc', limit: 100 }))
                .map((each) => each.update_time);
            checkEqual(times, [...times].sort().reverse(), 'the order');
            const since = new Date(Date.now() - 600000).toISOString().slice(0, 19) + 'Z';
            checkIncludes((await walk({ updated_since: since })).map((each) => each.id), id, 'the newer ones');
            checkEqual((await walk({ ids: String(id) })).map((each) => each.id), [id], 'these');
            await checkRefused(persons.getPersons({ updated_since: '2026-01-01T00:00:00.000Z' }), 400, 'updated_since');
        });
    await claims.method(name, 'searchPersons()', 'as in version 1, with a cursor', async () => {
        const { data, additional_data: more } = await persons.searchPersons({ term: 'two point', limit: 1 });
        checkEqual([data.items[0].item.id, more.next_cursor], [id, null], 'found');
    });
    await claims.method(name, 'deletePerson()', 'gone: 404, and in no list', async () => {
        checkEqual((await persons.deletePerson({ id })).data.id, id, 'the answer');
        await checkRefused(persons.getPerson({ id }), 404);
        check(!(await walk({ limit: 500 })).some((each) => each.id === id), 'it is listed');
    });
}

async function claimLimits(claims, versionModule, url, sandbox) {
    const name = versionModule === v1 ? 'pipedrive/v1' : 'pipedrive/v2';
    const limited = `${customer}-limited-${name.slice(-1)}`;
    const persons = new versionModule.PersonsApi(configurationOf(versionModule, url, 'sandbox', limited));
    const headersOf = async (run) => {
        await run();
        return claims.recorder.calls.at(-1).answerHeaders;
    };
    await claims.method(name, 'the token budget', 'a list costs 10 tokens in version 2 and 20 in version 1', async () => {
        await turn(sandbox, 'rest', { customer: limited });
        const left = async () => Number((await headersOf(() => persons.getPersons({ limit: 1 })))[
            'x-daily-ratelimit-token-remaining']);
        const [first, second] = [await left(), await left()];
        checkEqual(first - second, versionModule === v1 ? 20 : 10, 'tokens of a list');
        const { 'x-ratelimit-limit': limit, 'x-ratelimit-reset': reset } = claims.recorder.calls.at(-1).answerHeaders;
        checkEqual([limit, reset], ['80', '2'], 'the window');
    });
    await claims.method(name, 'rejections', '429 of a burst, of searches and of the budget', async () => {
        await turn(sandbox, 'rest', { customer: limited, limited: true });
        await checkRefused(oneRefusedOf(20, () => persons.searchPersons({ term: 'ann' })), 429);
        await turn(sandbox, 'rest', { customer: limited, limited: true });
        await checkRefused(oneRefusedOf(100, () => persons.getPersons({ limit: 1 })), 429);
        await turn(sandbox, 'rest', { customer: limited, limited: true, daily: 15 });
        const [get, list] = [() => persons.getPerson({ id: 1 }), () => persons.getPersons({ limit: 1 })];
        await get();
        if (versionModule === v2) await list();  // 1 + 10 of 15 tokens
        await checkRefused(list(), 429);  // or 2 + 20
    });
    await claims.method(name, 'rejections', '401 another key, 404 nobody, 400 no name', async () => {
        const wrong = new versionModule.PersonsApi(configurationOf(versionModule, url, 'wrong'));
        await checkRefused(wrong.getPersons({}), 401, 'unauthorized access');
        const right = new versionModule.PersonsApi(configurationOf(versionModule, url));
        await checkRefused(right.getPerson({ id: 999999 }), 404);
        await checkRefused(right.addPerson({ AddPersonRequest: { name: '' } }), 400, 'name');
    });
}

export async function claimPipedrive(claims, url, sandbox) {
    const first = configurationOf(v1, url);
    await claimVersion1(claims, new v1.PersonsApi(first), new v1.RecentsApi(first));
    await claimVersion2(claims, new v2.PersonsApi(configurationOf(v2, url)));
    await claimLimits(claims, v1, url, sandbox);
    await claimLimits(claims, v2, url, sandbox);
}
