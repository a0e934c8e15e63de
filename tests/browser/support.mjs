// What the journeys share: a server of their own, the sandbox's REST surfaces as a third pair of eyes, and
// waiting for something to become true.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const pollMs = 50;

/** Asks again until the answer is truthy; the error tells what was waited for and the last answer. */
export async function until(what, ask, limitMs = 20000) {
    const end = Date.now() + limitMs;
    let last;
    for (;;) {
        try {
            last = await ask();
            if (last) return last;
        } catch (error) {
            last = error.message;
        }
        if (Date.now() > end) throw new Error(`waited ${limitMs} ms for: ${what}; last: ${JSON.stringify(last)}`);
        await new Promise((resolve) => { setTimeout(resolve, pollMs); });
    }
}

export function check(isTrue, what) {
    if (!isTrue) throw new Error(what);
}

export function checkEqual(actual, expected, what) {
    const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

const axeSource = await readFile(path.join(root, 'tests/node_modules/axe-core/axe.min.js'), 'utf8');

/** Not one problem of any weight, as axe-core sees it. */
export async function checkAccessible(page, where) {
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => (await window.axe.run(document)).violations
        .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)) })));
    checkEqual(violations, [], `accessibility problems on ${where}`);
}

/** Starts the real server with its sandbox on free ports and an empty folder; `connectors`: the
 *  file's content, `flags`: more of them. */
export async function startServer({ connectors, flags: more = [] } = {}) {
    const binary = process.env.CONTACTS_SERVER ?? path.join(root, 'build/release/server/contacts-server');
    const data = await mkdtemp(path.join(tmpdir(), 'contacts-'));
    const flags = ['serve', '--sandbox', '--auth', 'dev', '--port', '0', '--data', data, '--sync-interval', '0',
        ...more];
    if (connectors) {
        const file = path.join(data, 'connectors.json');
        await writeFile(file, JSON.stringify(connectors));
        flags.push('--connectors', file);
    }
    const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let problem = null;
    child.stdout.on('data', (text) => { output += text; });
    child.stderr.on('data', (text) => { output += text; });
    child.on('error', (error) => { problem = error; });
    const address = (word) => output.match(new RegExp(`${word} on (http://\\S+)`))?.[1];
    await until('the server to listen', () => {
        if (problem) throw problem;
        if (child.exitCode !== null) throw new Error(`the server ended: ${output}`);
        return address('listening') && address('sandbox');
    }, 60000);
    return {
        url: address('listening'),
        sandbox: address('sandbox'),
        output: () => output,
        async stop() {
            const ended = new Promise((resolve) => { child.on('exit', resolve); });
            child.kill('SIGTERM');
            const code = child.exitCode ?? await ended;
            await rm(data, { recursive: true, force: true });
            return code;
        },
    };
}

/** The program's own API, and both CRMs' as their vendors offer them. */
export class Eyes {
    constructor(server) {
        this.server = server;
    }

    async app(method, target, body) {
        const response = await fetch(this.server.url + target, {
            method,
            headers: body ? { 'Content-Type': 'application/json' } : {},
            body: body ? JSON.stringify(body) : undefined,
        });
        const text = await response.text();
        return { status: response.status, body: text ? JSON.parse(text) : null };
    }

    async crm(target) {
        const response = await fetch(this.server.sandbox + target, {
            headers: { Authorization: 'Bearer sandbox', 'x-api-token': 'sandbox' },
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${target} answered ${response.status}: ${text}`);
        return JSON.parse(text);
    }

    async write(method, target, body) {
        const response = await fetch(this.server.sandbox + target, {
            method,
            headers: {
                Authorization: 'Bearer sandbox', 'x-api-token': 'sandbox', 'Content-Type': 'application/json',
            },
            body: JSON.stringify(body),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${target} answered ${response.status}: ${text}`);
        return JSON.parse(text);
    }

    async erase(target) {
        const response = await fetch(this.server.sandbox + target, {
            method: 'DELETE', headers: { Authorization: 'Bearer sandbox' },
        });
        if (!response.ok) throw new Error(`${target} answered ${response.status}`);
    }

    async hubspot() {
        const records = [];
        let after = '';
        do {
            const page = await this.crm('/hubspot/crm/v3/objects/contacts?limit=100' +
                '&properties=email,firstname,lastname,phone,jobtitle' + (after ? `&after=${after}` : ''));
            records.push(...page.results);
            after = page.paging?.next?.after ?? '';
        } while (after);
        return records.map((record) => ({
            id: record.id,
            email: record.properties.email ?? '',
            name: [record.properties.firstname, record.properties.lastname].filter(Boolean).join(' '),
            jobTitle: record.properties.jobtitle ?? '',
            phone: record.properties.phone ?? '',
        }));
    }

    async pipedrive() {
        const records = [];
        let start = 0;
        for (;;) {
            const page = await this.crm(`/pipedrive/v1/persons?start=${start}&limit=100`);
            records.push(...(page.data ?? []));
            const more = page.additional_data?.pagination;
            if (!more?.more_items_in_collection) break;
            start = more.next_start;
        }
        return records.map((record) => ({
            id: String(record.id),
            email: record.email?.find((entry) => entry.primary)?.value ?? record.email?.[0]?.value ?? '',
            name: record.name ?? '',
            phone: record.phone?.find((entry) => entry.primary)?.value ?? record.phone?.[0]?.value ?? '',
        }));
    }

    /** The records with this e-mail in each CRM. */
    async everywhere(email) {
        const has = (record) => record.email.toLowerCase() === email.toLowerCase();
        return {
            hubspot: (await this.hubspot()).filter(has),
            pipedrive: (await this.pipedrive()).filter(has),
        };
    }

    /** How many writes took effect in the CRMs so far, all together. */
    async writes() {
        const { customerId } = (await this.app('GET', '/api/self')).body;
        const { writes } = await this.crm(`/sandbox/log?customer=${encodeURIComponent(customerId)}&limit=1`);
        return Object.values(writes).reduce((total, count) => total + count, 0);
    }

    async sync() {
        const { status, body } = await this.app('POST', '/api/sync?wait=true');
        check(status === 200, `a waiting sync answered ${status}: ${JSON.stringify(body)}`);
        return body.run;
    }

    async find(email) {
        const { body } = await this.app('GET', `/api/contacts?q=${encodeURIComponent(email)}&limit=50`);
        return body.contacts.filter((contact) => contact.email === email);
    }
}

/** A page of the app, spoken to by roles and names only. */
export class App {
    constructor(page, server) {
        this.page = page;
        this.server = server;
    }

    async open(hash = '#/contacts') {
        await this.page.goto(`${this.server.url}/${hash}`);
        await this.idle();
    }

    idle() {
        return this.page.evaluate(async () => {
            while (!window.contacts) await new Promise((resolve) => { requestAnimationFrame(resolve); });
            await window.contacts.idle();
        });
    }

    role(role, name) {
        if (name === undefined) return this.page.getByRole(role);
        return this.page.getByRole(role, name instanceof RegExp ? { name } : { name, exact: true });
    }

    async press(role, name) {
        await this.role(role, name).click();
        await this.idle();
    }

    async fill(name, text) {
        await this.role('textbox', name).fill(text);
        await this.idle();
    }

    async search(text) {
        await this.role('searchbox', 'Search contacts').fill(text);
        await this.idle();
    }

    /** What was said in the live regions, in any of them. */
    said(part) {
        return until(`"${part}" to be said`, async () => {
            const texts = await this.page.locator('[role=status], [role=alert], [aria-live]').allTextContents();
            return texts.some((text) => text.includes(part));
        });
    }

    seen(locator, what) {
        return until(`${what} to be seen`, async () => await locator.count() === 1);
    }

    gone(locator, what) {
        return until(`${what} to be gone`, async () => await locator.count() === 0);
    }

    /** Clicks Sync now and waits until the run that it started has ended. */
    async syncNow(eyes) {
        const before = (await eyes.app('GET', '/api/sync')).body.run?.id;
        await this.press('button', 'Sync now');
        const run = await until('the run to end', async () => {
            const { run: last } = (await eyes.app('GET', '/api/sync')).body;
            const isOver = last && !['queued', 'running'].includes(last.state);
            return isOver && last.id !== before ? last : null;
        }, 60000);
        await this.idle();
        return run;
    }
}
