// A server that is killed again and again in the middle of its runs, while people change things in all
// three places. Whatever the moment: nothing is lost, nothing comes twice, nothing deleted comes back.
//
// The seed decides what is changed and when the server dies; how far a run had come by then is the machine's
// business, so a seed makes a failure likely to return, not certain.
import { check, checkEqual, until } from '../browser/support.mjs';
import { canonical, differences, Places, startApp, startWorkspace } from './world.mjs';

const rounds = 20;
const roundsBetweenSettling = 4;
const changesMost = 9;
const killMsMost = 400;
const writeDelayMs = 40;  // of each write there: runs last longer, and some calls outlive their caller
const quietMs = 4 * writeDelayMs;
const interruptedLeast = 3;  // else the rounds prove nothing
const settings = { SYNC_FIRST: 'auto', SYNC_SETTLE_S: '0', SYNC_LATE_S: '1.5' };
const fields = ['email', 'name', 'phone', 'jobTitle'];
const crms = ['hubspot', 'pipedrive'];

class SeededRandom {
    constructor(seed) {
        this.state = (seed ^ 0x9e3779b9) >>> 0;
    }

    /** A whole number from 0 to `count` - 1. */
    below(count) {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
    }

    pick(list) {
        return list[this.below(list.length)];
    }
}

/** Reads and writes one place with the same words in all three. */
class Hands {
    constructor(places) {
        this.places = places;
    }

    list(place) {
        return place === 'app' ? this.places.contacts() : this.places[place]();
    }

    create(place, person) {
        return this.write(place, '', person);
    }

    edit(place, id, person) {
        return this.write(place, id, person);
    }

    remove(place, id) {
        if (place === 'app') return this.places.change('DELETE', `/api/contacts/${id}`);
        return this.places.crm(`${this.address(place)}/${id}`, 'DELETE');
    }

    address(place) {
        return place === 'hubspot' ? '/hubspot/crm/v3/objects/contacts' : '/pipedrive/v1/persons';
    }

    write(place, id, person) {
        if (place === 'app') {
            return id ? this.places.change('PATCH', `/api/contacts/${id}`, person) :
                this.places.change('POST', '/api/contacts', person);
        }
        const target = this.address(place) + (id ? `/${id}` : '');
        if (place === 'pipedrive') {
            const { jobTitle, ...rest } = person;
            const body = jobTitle === undefined ? rest : { ...rest, job_title: jobTitle };
            return this.places.crm(target, id ? 'PUT' : 'POST', body);
        }
        const properties = {};
        if (person.email !== undefined) properties.email = person.email;
        if (person.phone !== undefined) properties.phone = person.phone;
        if (person.jobTitle !== undefined) properties.jobtitle = person.jobTitle;
        if (person.name !== undefined) {
            [properties.firstname, properties.lastname] = person.name.split(' ');
        }
        return this.places.crm(target, id ? 'PATCH' : 'POST', { properties });
    }
}

/** What people did since the places last agreed, and what must have come of it. */
class Memory {
    people = new Map();  // by each address that a person ever had
    isSettled = false;

    personOf(email) {
        const key = email.toLowerCase();
        if (!this.people.has(key)) this.people.set(key, this.newcomer(key));
        return this.people.get(key);
    }

    newcomer(key) {
        return { emails: new Set([key]), settled: null, edits: [], history: [] };
    }

    /** Notes a change that was answered with success. */
    note(round, person, { place, action, values = {} }) {
        person.history.push(`round ${round}: ${action} in ${place} ${JSON.stringify(values)}`);
        if (action === 'delete' && place === 'app') person.isDeleted = true;
        if (action === 'delete' && place !== 'app') person.isDeletedThere = true;
        if (action === 'create') person.isNew = true;
        for (const [field, value] of Object.entries(values)) {
            person.edits.push({ place, field, value: canonical({
                email: '', name: '', phone: '', jobTitle: '', [field]: value,
            })[field] });
        }
        if (values.email) {
            person.emails.add(values.email);
            this.people.set(values.email, person);
        }
    }

    /** The values that a field may have now; null: any. */
    allowed(person, field) {
        const edits = person.edits.filter((edit) => edit.field === field);
        const values = edits.map((edit) => edit.value);
        // Before the first agreement both CRMs may tell different things of one person, and what was
        // changed in a record that was then deleted there may never have been seen.
        if (!person.settled && !person.isNew) return null;
        if (person.isDeletedThere) return person.settled ? [person.settled[field], ...values] : null;
        if (edits.length === 0) return person.settled ? [person.settled[field]] : null;
        const isOneHand = new Set(edits.map((edit) => edit.place)).size === 1;
        return isOneHand ? [values.at(-1)] : values;
    }

    faultsOf(person, contacts) {
        const found = contacts.filter((contact) => person.emails.has(contact.email));
        if (person.isDeleted) return found.length > 0 ? ['is deleted but there'] : [];
        if (person.isNew && person.isDeletedThere && found.length === 0) return [];
        if (found.length !== 1) return [`is there ${found.length} times`];
        return fields.flatMap((field) => {
            const allowed = this.allowed(person, field);
            if (!allowed || allowed.includes(found[0][field])) return [];
            return [`${field} is "${found[0][field]}", not one of ${JSON.stringify(allowed)}`];
        });
    }

    /** Everything that is not as it should be, now that nothing is pending. */
    faults(places) {
        const apart = differences(places).map((fault) =>
            [fault, ...this.personOf(fault.split(/[ :]/)[0]).history].join('\n        '));
        const contacts = places.app.map(canonical);
        const wrong = [...new Set(this.people.values())].flatMap((person) =>
            this.faultsOf(person, contacts).map((fault) =>
                [`${[...person.emails].join(' = ')} ${fault}`, ...person.history].join('\n        ')));
        return [...apart, ...wrong];
    }

    /** The places agree: from here on, what they have is what people mean. */
    settle(places) {
        for (const contact of places.app.map(canonical)) {
            const person = this.personOf(contact.email);
            Object.assign(person, { settled: contact, edits: [], isNew: false, isDeletedThere: false });
        }
        this.isSettled = true;
    }
}

/** People at work in three places. */
class Crowd {
    constructor(random, hands, memory) {
        Object.assign(this, { random, hands, memory, last: 0 });
    }

    value(field) {
        this.last += 1;
        const { last } = this;
        if (field === 'email') return `somebody.${last}@kill.example`;
        if (field === 'name') return `Given${last} Family${last}`;
        return field === 'phone' ? `+1 555 ${1000000 + last}` : `Title ${last}`;
    }

    async create(round, place) {
        const values = Object.fromEntries(fields.map((field) => [field, this.value(field)]));
        await this.hands.create(place, values);
        this.memory.note(round, this.memory.personOf(values.email), { place, action: 'create', values });
    }

    async target(place) {
        const records = (await this.hands.list(place)).filter((record) => record.email);
        if (records.length === 0) return null;
        records.sort((left, right) => (canonical(left).email < canonical(right).email ? -1 : 1));
        // Often one of a few, so that changes of one person meet.
        const record = this.random.pick(this.random.below(3) > 0 ? records.slice(-12) : records);
        return { record, person: this.memory.personOf(record.email) };
    }

    async edit(round, place) {
        const target = await this.target(place);
        if (!target) return;
        const { record, person } = target;
        // A new address before all places know the person may hide who that is.
        const canMove = person.settled && !person.isDeletedThere;
        const field = this.random.pick(canMove ? fields : fields.slice(1));
        const values = { [field]: this.value(field) };
        await this.hands.edit(place, record.id, values);
        this.memory.note(round, person, { place, action: 'edit', values });
    }

    async remove(round, place) {
        const target = await this.target(place);
        if (!target) return;
        await this.hands.remove(place, target.record.id);
        this.memory.note(round, target.person, { place, action: 'delete' });
    }

    async change(round) {
        const place = this.random.pick(['app', ...crms]);
        const kind = this.random.below(10);
        if (kind < 3) return this.create(round, place);
        // Whom a deletion is about is clear only once every place knows the person.
        if (kind < 5 && this.memory.isSettled) return this.remove(round, place);
        return this.edit(round, place);
    }
}

/** Calls of a dead process may still be at work there: people change nothing until they are over. */
async function waitUntilQuiet(places) {
    let last = -1;
    let since = 0;
    await until('the workspace to be quiet', async () => {
        const { total } = await places.calls();
        if (total !== last) [last, since] = [total, Date.now()];
        return Date.now() - since >= quietMs;
    });
}

const isOpen = (run) => ['queued', 'running'].includes(run.state);

async function countRuns(places, isWanted) {
    const { body } = await places.app('GET', '/api/sync/runs');
    return body.runs.filter(isWanted).length;
}

const countEndedRuns = (places) => countRuns(places, (run) => !isOpen(run));

/** A run that was killed is in the log as failed: the next start says so. */
const countFailedRuns = (places) => countRuns(places, (run) => run.state === 'failed');

/** Starts a run and kills the server while it goes on. `from` is what the moment is counted from. */
async function killDuringRun(app, places, { from, afterMs }) {
    const runs = await countEndedRuns(places);
    const failed = await countFailedRuns(places);
    const { writes } = await places.calls();
    const answer = fetch(`${app.url}/api/sync`, { method: 'POST' }).catch(() => null);
    if (from === 'write') {
        await until('a write of the run, or its end', async () =>
            (await places.calls()).writes > writes || await countEndedRuns(places) > runs);
    }
    await new Promise((resolve) => { setTimeout(resolve, afterMs); });
    await app.kill();
    await answer;
    await app.start();
    const isInterrupted = await countFailedRuns(places) > failed;
    return { isInterrupted, writes: (await places.calls()).writes - writes };
}

/** Some runs may have something to tell on the way; the last one has not. */
async function settle(places) {
    let run;
    for (let count = 0; count < 15; count += 1) {
        run = await places.sync();
        check(['done', 'done_with_problems'].includes(run.state), `a run ended: ${JSON.stringify(run)}`);
        if (run.pending === 0 && run.state === 'done') return count + 1;
    }
    throw new Error(`no peace after 15 runs: ${JSON.stringify(run)}`);
}

async function checkSettled(places, memory) {
    const runs = await settle(places);
    const seen = await places.everyPlace();
    const faults = memory.faults(seen);
    check(faults.length === 0, `${faults.length} faults:\n${faults.slice(0, 10).join('\n')}`);
    memory.settle(seen);
    const before = await places.calls();
    const run = await places.sync();
    checkEqual([run.writes.app, run.pending], [0, 0], 'a further run');
    checkEqual((await places.calls()).writes, before.writes, 'writes of a further run');
    const { body } = await places.app('GET', '/api/sync/runs');
    checkEqual(body.runs.filter(isOpen), [], 'runs that never ended');
    return { runs, people: seen.app.length };
}

/** Rounds up to the next agreement. */
async function runRounds(world, first, last) {
    const { app, places, random, crowd, kills } = world;
    for (let round = first; round <= last; round += 1) {
        // Now and then the server comes back to a run at once, while its own last call is still at work.
        if (random.below(4) > 0) {
            await waitUntilQuiet(places);
            const changes = 3 + random.below(changesMost - 2);
            for (let count = 0; count < changes; count += 1) await crowd.change(round);
        }
        // Counted from the request, it may die while it lists; from the first write, while it writes.
        const moment = random.pick([
            { from: 'request', afterMs: random.below(killMsMost + 1) },
            { from: 'write', afterMs: random.below(killMsMost / 2) },
        ]);
        const { isInterrupted, writes } = await killDuringRun(app, places, moment);
        if (isInterrupted && writes > 0) world.interrupted += 1;
        kills.push(`${moment.afterMs} ms from the ${moment.from} (${writes} written` +
            `${isInterrupted ? '' : ', run over'})`);
    }
}

export const name = 'kill';

export async function run(report) {
    const seed = Number(process.env.CONTACTS_SEED ?? Math.floor(Math.random() * 1e9));
    check(Number.isSafeInteger(seed), 'CONTACTS_SEED is a whole number');
    report.note(`seed ${seed} (CONTACTS_SEED=${seed} repeats it)`);
    const workspace = await startWorkspace();
    const app = await startApp(workspace, settings);
    const places = new Places(app, workspace);
    for (const operation of ['create', 'update', 'delete']) {
        const order = { operation, fault: 'delay', count: -1, delayMs: writeDelayMs };
        await places.crm('/sandbox/faults', 'POST', order);
    }
    const random = new SeededRandom(seed);
    const memory = new Memory();
    const crowd = new Crowd(random, new Hands(places), memory);
    const world = { app, places, random, crowd, kills: [], interrupted: 0 };
    for (let first = 1; first <= rounds; first += roundsBetweenSettling) {
        const last = Math.min(first + roundsBetweenSettling - 1, rounds);
        await report.check(`killed in rounds ${first} to ${last}: all places agree afterwards`, async () => {
            try {
                await runRounds(world, first, last);
                const { runs, people } = await checkSettled(places, memory);
                report.note(`killed after ${world.kills.splice(0).join('; ')}`);
                report.note(`${people} people, at peace after ${runs} runs`);
            } catch (error) {
                throw new Error(`seed ${seed}: ${error.message}`, { cause: error.cause });
            }
        });
    }
    await report.check('enough runs were killed between their writes', () => {
        check(world.interrupted >= interruptedLeast, `only ${world.interrupted} of ${rounds}`);
        report.note(`${world.interrupted} of ${rounds} runs`);
    });
    await report.check('after all kills the server ends cleanly', () => app.stop());
    await workspace.stop();
}
