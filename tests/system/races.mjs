// Eight clients that write at random to a few contacts while the server syncs: no request may fail inside, no
// acknowledged change may be lost, and each contact's history must be one line after the other.
//
// CONTACTS_RACE_SECONDS says how long (5); with CONTACTS_SERVER=build/tsan/server/contacts-server data races end
// the server, and with it the test.
import { check, checkEqual } from '../browser/support.mjs';
import { makeFolder, ServerProcess } from './world.mjs';

const clients = 8;
const contactCount = 6;
const seconds = Number(process.env.CONTACTS_RACE_SECONDS ?? 5);
const fields = ['name', 'jobTitle', 'company', 'pronouns'];
const refusals = [404, 409, 412, 422];  // what another client's change makes of a request

class Random {
    constructor(seed) {
        this.state = seed >>> 0;
    }

    below(count) {
        this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
        return (this.state >>> 8) % count;
    }

    pick(list) {
        return list[this.below(list.length)];
    }
}

class Writers {
    acknowledged = [];  // { id, field, value }
    counts = {};
    number = 0;

    constructor(app) {
        this.app = app;
        this.ids = [];
    }

    async ask(method, target, body, headers = {}) {
        const response = await fetch(this.app.url + target, {
            method, body: body && JSON.stringify(body),
            headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
        });
        const answer = await response.json();
        const kind = `${method} ${response.status}`;
        this.counts[kind] = (this.counts[kind] ?? 0) + 1;
        const isExpected = response.ok || refusals.includes(response.status);
        check(isExpected, `${method} ${target} answered ${response.status}: ${JSON.stringify(answer)}`);
        return { status: response.status, body: answer };
    }

    /** A value that no other change ever has, so that history can be asked for it. */
    value() {
        this.number += 1;
        return `value ${this.number}`;
    }

    async patch(random) {
        const id = random.pick(this.ids);
        const field = random.pick(fields);
        const value = this.value();
        let headers = {};
        if (random.below(2) === 0) {
            const { body } = await this.ask('GET', `/api/contacts/${id}`);
            headers = { 'If-Match': `"${body.contact.version}"` };
        }
        const { status, body } = await this.ask('PATCH', `/api/contacts/${id}`, { [field]: value }, headers);
        if (status !== 200) return;
        checkEqual(body.contact[field], value, 'what was written');
        this.acknowledged.push({ id, field, value });
    }

    async bulk() {
        const value = this.value();
        const body = { action: 'update', ids: this.ids.slice(0, 3), fields: { company: value } };
        const answer = await this.ask('POST', '/api/contacts/bulk', body);
        for (const result of answer.body.bulk?.results ?? []) {
            if (result.outcome === 'changed') this.acknowledged.push({ id: result.contactId, field: 'company', value });
        }
    }

    async step(random) {
        const choice = random.below(20);
        const id = random.pick(this.ids);
        if (choice < 12) return this.patch(random);
        if (choice < 13) return this.bulk();
        if (choice < 14) return this.ask('DELETE', `/api/contacts/${id}`);
        if (choice < 16) return this.ask('POST', `/api/contacts/${id}/restore`, {});
        if (choice < 17) return this.ask('POST', '/api/contacts', { name: this.value() }, { 'Idempotency-Key': `k${random.below(50)}` });
        if (choice < 18) return this.ask('POST', '/api/sync', {});
        if (choice < 19) return this.ask('GET', `/api/contacts?sort=-updatedAt&limit=${1 + random.below(20)}`);
        return this.ask('GET', `/api/contacts/${id}/history`);
    }
}

/** The changes of each field follow each other, and every acknowledged one is among them once. */
async function checkHistory(writers, id) {
    const { contact } = (await writers.ask('GET', `/api/contacts/${id}`)).body;
    const history = (await writers.ask('GET', `/api/contacts/${id}/history`)).body.history.reverse();
    const written = new Map();
    const last = new Map();
    for (const { changes } of history) {
        for (const { field, from, to } of changes) {
            if (last.has(field)) checkEqual(from, last.get(field), `what ${field} was before ${to}`);
            last.set(field, to);
            written.set(`${field} ${to}`, (written.get(`${field} ${to}`) ?? 0) + 1);
        }
    }
    for (const field of fields) {
        if (last.has(field)) checkEqual(contact[field], last.get(field), `${field} as history ends`);
    }
    const own = writers.acknowledged.filter((change) => change.id === id);
    for (const { field, value } of own) checkEqual(written.get(`${field} ${value}`), 1, `${field} ${value} in the history`);
    return own.length;
}

export const name = 'races';

export async function run(report) {
    const flags = ['--sandbox', '--sync-interval', '1', '--backup-hours', '1'];
    const app = await new ServerProcess(makeFolder(), flags, {}).start();
    const writers = new Writers(app);
    for (let number = 0; number < contactCount; number += 1) {
        const email = `race${number}@system.example`;
        writers.ids.push((await writers.ask('POST', '/api/contacts', { name: 'Race', email })).body.contact.id);
    }
    await report.check(`${clients} clients write at random for ${seconds} s, and nothing fails inside`, async () => {
        const end = Date.now() + seconds * 1000;
        await Promise.all(Array.from({ length: clients }, async (unused, number) => {
            const random = new Random(number + 1);
            while (Date.now() < end) await writers.step(random);
        }));
    });
    await report.check('no acknowledged change is lost, and each history is one line after the other', async () => {
        let changes = 0;
        for (const id of writers.ids) changes += await checkHistory(writers, id);
        check(changes > 10, `only ${changes} changes prove nothing`);
        report.note(`${changes} acknowledged changes; answers: ${JSON.stringify(writers.counts)}`);
    });
    await app.stop();
}
