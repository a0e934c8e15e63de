// What the system tests share: server processes of their own, the three places where a contact lives, and
// counting what held. No process and no folder outlives the test program, however it ends.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { check, Eyes, root, until } from '../browser/support.mjs';

export const binary = process.env.CONTACTS_SERVER ?? path.join(root, 'build/release/server/contacts-server');
const startLimitMs = 60000;
const stopLimitMs = 15000;
const syncsMax = 12;  // until nothing is pending: each settles what became decidable meanwhile

const children = new Set();
const folders = new Set();

process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** An empty folder that goes away with the test program. */
export function makeFolder() {
    const folder = mkdtempSync(path.join(tmpdir(), 'contacts-system-'));
    folders.add(folder);
    return folder;
}

/** Counts checks, and prints a line for each. The first one that fails ends its scenario. */
export class Report {
    passed = 0;
    failed = 0;

    async check(name, run) {
        const begin = Date.now();
        try {
            await run();
        } catch (error) {
            this.fail(name, error);
            throw error;
        }
        this.passed += 1;
        console.log(`ok     ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    }

    fail(name, error) {
        this.failed += 1;
        error.isReported = true;
        const cause = error.cause ? `: ${error.cause.code ?? ''} ${error.cause.message}` : '';
        console.log(`FAILED ${name}\n    ${(error.message + cause).split('\n').join('\n    ')}`);
    }

    note(text) {
        console.log(`       ${text}`);
    }
}

/** What a person has set for their own server has no say in a test. */
function withoutSettings(variables) {
    const isSetting = /^(CONTACTS_|SYNC_|INTEGRATION_APP_|DEV_CUSTOMER_ID$)/;
    return Object.fromEntries(Object.entries(variables).filter(([key]) => !isSetting.test(key)));
}

/** One process of the built server, its settings only those given here. */
export class ServerProcess {
    constructor(data, flags, variables) {
        this.data = data;
        this.flags = flags;
        this.variables = variables;
        this.output = '';
    }

    async start() {
        const flags = ['serve', '--auth', 'dev', '--port', '0', '--data', this.data, ...this.flags];
        const env = { ...withoutSettings(process.env), ...this.variables };
        const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'], env });
        children.add(child);
        let text = '';
        const read = (part) => {
            text += part;
            this.output = (this.output + part).slice(-20000);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        let problem = null;
        child.on('error', (error) => { problem = error; });
        this.ended = new Promise((resolve) => {
            child.on('exit', (code, signal) => {
                children.delete(child);
                resolve(signal ?? code);
            });
        });
        this.child = child;
        const address = (word) => text.match(new RegExp(`${word} on (http://\\S+)\\n`))?.[1];
        const hasEnded = () => problem !== null || child.exitCode !== null;
        await until('the server to listen', () => hasEnded() ||
            (address('listening') && (address('sandbox') || !this.flags.includes('--sandbox'))),
        startLimitMs);
        check(!hasEnded(), `the server did not start: ${problem?.message ?? text}`);
        this.url = address('listening');
        this.sandbox = address('sandbox');
        return this;
    }

    get pid() {
        return this.child.pid;
    }

    /** What a power cut does to a process: nothing more of it runs. */
    async kill() {
        this.child.kill('SIGKILL');
        const end = await this.ended;
        check(end === 'SIGKILL', `the server had ended by itself with ${end}: ${this.output}`);
    }

    async stop() {
        this.child.kill('SIGTERM');
        const limit = setTimeout(() => this.child.kill('SIGKILL'), stopLimitMs);
        const end = await this.ended;
        clearTimeout(limit);
        check(end === 0, `the server ended with ${end}: ${this.output.slice(-2000)}`);
    }
}

/** Of this process only the sandbox is used; its own app has no reason to sync. */
export function startWorkspace() {
    return new ServerProcess(makeFolder(), ['--sandbox', '--sync-interval', '0'], {}).start();
}

/** The app as a process of its own that knows the workspace by its address only. */
export function startApp(workspace, variables) {
    return new ServerProcess(makeFolder(), ['--sync-interval', '0'], {
        INTEGRATION_APP_API_URL: workspace.sandbox,
        INTEGRATION_APP_WORKSPACE_KEY: 'sandbox',
        INTEGRATION_APP_WORKSPACE_SECRET: 'sandbox-secret',
        ...variables,
    }).start();
}

/** The app of one process, and the CRMs of another, for one customer. */
export class Places extends Eyes {
    constructor(app, workspace, customer = 'dev') {
        super(app);
        this.workspace = workspace;
        this.customer = customer;
    }

    async crm(target, method = 'GET', body = undefined) {
        const response = await fetch(this.workspace.sandbox + target, {
            method,
            headers: {
                Authorization: 'Bearer sandbox',
                'Content-Type': 'application/json',
                'x-api-token': 'sandbox',
                'x-customer': this.customer,
            },
            body: body ? JSON.stringify(body) : undefined,
        });
        const text = await response.text();
        check(response.ok, `${method} ${target} answered ${response.status}: ${text}`);
        return text ? JSON.parse(text) : null;
    }

    /** As in HubSpot's reader; the browser's journeys have no use for the job title. */
    async pipedrive() {
        const records = [];
        let start = 0;
        for (;;) {
            const page = await this.crm(`/pipedrive/v1/persons?start=${start}&limit=100`);
            records.push(...(page.data ?? []));
            const paging = page.additional_data?.pagination;
            if (!paging?.more_items_in_collection) break;
            start = paging.next_start;
        }
        const primary = (list) => (list?.find((entry) => entry.primary) ?? list?.[0])?.value ?? '';
        return records.map((record) => ({
            id: String(record.id),
            email: primary(record.email),
            name: record.name ?? '',
            phone: primary(record.phone),
            jobTitle: record.job_title ?? '',
        }));
    }

    /** Everything that is alive in the app. */
    async contacts() {
        const contacts = [];
        let cursor = '';
        do {
            const { status, body } = await this.app('GET', '/api/contacts?limit=1000' +
                (cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''));
            check(status === 200, `a listing answered ${status}: ${JSON.stringify(body)}`);
            contacts.push(...body.contacts);
            cursor = body.cursor ?? '';
        } while (cursor);
        return contacts;
    }

    async everyPlace() {
        return {
            app: await this.contacts(),
            hubspot: await this.hubspot(),
            pipedrive: await this.pipedrive(),
        };
    }

    /** What the app asked of the workspace so far: calls by action, and writes that took effect. */
    async calls() {
        const log = await this.crm(`/sandbox/log?customer=${this.customer}&limit=1`);
        const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
        return {
            counters: log.counters,
            total: sum(Object.values(log.counters).map(sum)),
            writes: sum(log.writes),
        };
    }

    /** A change through the app's API; anything but success fails the test. */
    async change(method, target, body) {
        const { status, body: answer } = await this.app(method, target, body);
        check(status === 200 || status === 201,
            `${method} ${target} answered ${status}: ${JSON.stringify(answer)}`);
        return answer.contact;
    }

    /** Sync now until nothing is pending; the last run. */
    async settle() {
        const runs = [];
        for (let count = 0; count < syncsMax; count += 1) {
            const run = await this.sync();
            runs.push(run);
            check(run.state === 'done', `a run ended ${run.state}: ${JSON.stringify(run)}`);
            if (run.pending === 0) return run;
        }
        throw new Error(`still pending after ${syncsMax} runs: ${JSON.stringify(runs.at(-1))}`);
    }
}

const oneSpace = (text) => text.trim().replace(/\s+/g, ' ');

/** What must be equal of one person in all places, whatever each place makes of capitals and signs. */
export function canonical(record) {
    return {
        email: record.email.trim().toLowerCase(),
        name: oneSpace(record.name),
        phone: record.phone.replace(/\D/g, ''),
        jobTitle: oneSpace(record.jobTitle),
    };
}

/** Sentences about everything in which the places differ; none when they agree. */
export function differences(places) {
    const faults = [];
    const people = new Map();
    for (const [place, records] of Object.entries(places)) {
        for (const record of records) {
            const person = canonical(record);
            if (!people.has(person.email)) people.set(person.email, {});
            const seen = people.get(person.email);
            if (seen[place]) {
                faults.push(`${person.email} stands twice in ${place}: ${seen[place].id}, ${record.id}`);
            }
            seen[place] = { ...person, id: record.id };
        }
    }
    for (const [email, seen] of people) {
        for (const place of Object.keys(places)) {
            if (!seen[place]) faults.push(`${email} lacks in ${place}, is in ${Object.keys(seen)}`);
        }
        for (const field of ['name', 'phone', 'jobTitle']) {
            const values = Object.entries(seen).map(([place, person]) => `${place} "${person[field]}"`);
            const unlike = new Set(Object.values(seen).map((person) => person[field]));
            if (unlike.size > 1) faults.push(`${email}: ${field} is ${values.join(', ')}`);
        }
    }
    return faults;
}

export function checkAgreement(places) {
    const faults = differences(places);
    const more = faults.length > 20 ? `\n… and ${faults.length - 20} more` : '';
    check(faults.length === 0, `the places differ:\n${faults.slice(0, 20).join('\n')}${more}`);
}
