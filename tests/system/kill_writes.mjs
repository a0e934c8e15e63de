// A server that is killed in the middle of people's writes, again and again: its database is sound each time,
// every acknowledged write is there, and what was not acknowledged is there as a whole or not at all.
//
// CONTACTS_KILLS says how often (20).
import { spawnSync } from 'node:child_process';

import { check, checkEqual } from '../browser/support.mjs';
import { binary, makeFolder, ServerProcess } from './world.mjs';

const kills = Number(process.env.CONTACTS_KILLS ?? 20);
const writers = 4;
const killMsMost = 150;

/** What may stand in a contact: what was acknowledged last, or what was tried after that. */
class Ledger {
    contacts = new Map();  // e-mail -> { names: Set, states: Set, id }
    acknowledged = 0;
    number = 0;

    async ask(url, method, target, body) {
        const response = await fetch(url + target, {
            method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
        });
        const answer = await response.json();
        check(response.ok, `${method} ${target} answered ${response.status}: ${JSON.stringify(answer)}`);
        this.acknowledged += 1;
        return answer.contact;
    }

    async create(url) {
        this.number += 1;
        const email = `kill${this.number}@system.example`;
        const entry = { names: new Set(['New']), states: new Set(['none', 'alive']), id: null, isBusy: true };
        this.contacts.set(email, entry);
        entry.id = (await this.ask(url, 'POST', '/api/contacts', { name: 'New', email })).id;
        entry.states = new Set(['alive']);
        entry.isBusy = false;
    }

    async change(url) {
        const free = [...this.contacts.values()].filter((entry) => entry.id && !entry.isBusy);
        if (free.length === 0) return this.create(url);
        const entry = free[Math.floor(Math.random() * free.length)];
        entry.isBusy = true;
        const isAlive = entry.states.has('alive');
        if (!isAlive || Math.random() < 0.2) {
            const wanted = isAlive ? 'deleted' : 'alive';
            entry.states.add(wanted);
            await (isAlive ? this.ask(url, 'DELETE', `/api/contacts/${entry.id}`)
                : this.ask(url, 'POST', `/api/contacts/${entry.id}/restore`, {}));
            entry.states = new Set([wanted]);
        } else {
            this.number += 1;
            const name = `Name ${this.number}`;
            entry.names.add(name);
            await this.ask(url, 'PATCH', `/api/contacts/${entry.id}`, { name });
            entry.names = new Set([name]);
        }
        entry.isBusy = false;
        return undefined;
    }

    /** Compares, and takes what is there for what is acknowledged from now on. */
    async compare(url) {
        const found = new Map();
        let cursor = '';
        do {
            const page = await (await fetch(`${url}/api/contacts?deleted=true&limit=1000${cursor}`)).json();
            for (const contact of page.contacts) {
                check(!found.has(contact.email), `${contact.email} is there twice`);
                found.set(contact.email, contact);
            }
            cursor = page.cursor ? `&cursor=${encodeURIComponent(page.cursor)}` : '';
        } while (cursor);
        for (const [email, entry] of this.contacts) {
            const contact = found.get(email);
            const state = contact ? (contact.deleted ? 'deleted' : 'alive') : 'none';
            check(entry.states.has(state), `${email} is ${state}, and may be ${[...entry.states]}`);
            if (!contact) { this.contacts.delete(email); continue; }
            check(entry.names.has(contact.name), `${email} is named ${contact.name}, and may be ${[...entry.names]}`);
            Object.assign(entry, { id: contact.id, names: new Set([contact.name]), states: new Set([state]), isBusy: false });
            found.delete(email);
        }
        checkEqual([...found.keys()], [], 'contacts that nobody made');
    }
}

async function killDuringWrites(app, ledger) {
    let isKilled = false;
    const work = Array.from({ length: writers }, async () => {
        while (!isKilled) {
            try {
                await (Math.random() < 0.3 ? ledger.create(app.url) : ledger.change(app.url));
            } catch (error) {
                if (!isKilled) throw error;
            }
        }
    });
    await new Promise((resolve) => { setTimeout(resolve, 5 + Math.random() * killMsMost); });
    isKilled = true;
    await app.kill();
    await Promise.all(work);
}

export const name = 'kill-writes';

export async function run(report) {
    const data = makeFolder();
    const ledger = new Ledger();
    await report.check(`killed ${kills} times during writes: sound each time, and no acknowledged write is lost`, async () => {
        for (let count = 0; count < kills; count += 1) {
            const app = await new ServerProcess(data, ['--sync-interval', '0', '--backup-hours', '0'], {}).start();
            await ledger.compare(app.url);
            await killDuringWrites(app, ledger);
            const done = spawnSync(binary, ['check', '--data', data], { encoding: 'utf8', env: { PATH: process.env.PATH } });
            checkEqual(done.status, 0, `after kill ${count + 1} the check says ${done.stdout}${done.stderr}`);
        }
        const app = await new ServerProcess(data, ['--sync-interval', '0', '--backup-hours', '0'], {}).start();
        await ledger.compare(app.url);
        await app.stop();
        check(ledger.acknowledged > kills * 3, `only ${ledger.acknowledged} writes prove nothing`);
        report.note(`${ledger.acknowledged} acknowledged writes, ${ledger.contacts.size} contacts`);
    });
}
