// How much memory the server holds with a large address book. Times are printed, never judged: they say
// more about the machine than about the program.
import { readFile } from 'node:fs/promises';

import { check, checkEqual } from '../browser/support.mjs';
import { makeFolder, Places, ServerProcess } from './world.mjs';

const fullCount = 10000;
const smallCount = 2000;
const createLimitMs = 60000;  // the rest is left out then, unless CONTACTS_FULL=1
const concurrency = 8;
const residentMbMax = 300;

function contactOf(index) {
    return {
        name: `Person Number${index}`,
        email: `person.${index}@memory.example`,
        phone: `+1 555 ${String(1000000 + index)}`,
        jobTitle: `Title ${index % 97}`,
        company: `Company ${index % 211}`,
    };
}

/** Creates contacts until all are there or the time is over, but never fewer than smallCount. */
async function createMany(places) {
    const end = Date.now() + createLimitMs;
    let next = 0;
    const hasTime = () => process.env.CONTACTS_FULL === '1' || Date.now() < end;
    const work = async () => {
        while (next < smallCount || (next < fullCount && hasTime())) {
            const index = next;
            next += 1;
            await places.change('POST', '/api/contacts', contactOf(index));
        }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return next;
}

/** VmRSS and VmHWM in MB: what is held now, and the most that ever was. */
async function memoryOf(pid) {
    const text = await readFile(`/proc/${pid}/status`, 'utf8');
    const mb = (field) => Number(text.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))[1]) / 1024;
    return { now: mb('VmRSS'), most: mb('VmHWM') };
}

async function timeOf(places, target, answers) {
    const times = [];
    for (let count = 0; count < 20; count += 1) {
        const begin = performance.now();
        const { status, body } = await places.app('GET', target);
        times.push(performance.now() - begin);
        checkEqual([status, body.contacts.length], [200, answers], target);
    }
    times.sort((left, right) => left - right);
    return `${target}: median ${times[10].toFixed(1)} ms, most ${times[19].toFixed(1)} ms`;
}

export const name = 'memory';

export async function run(report) {
    const server = await new ServerProcess(makeFolder(), ['--sync-interval', '0'], {}).start();
    const places = new Places(server, server);
    const show = ({ now, most }) => `${now.toFixed(1)} MB resident, ${most.toFixed(1)} MB at most`;
    report.note(`before: ${show(await memoryOf(server.pid))}`);
    await report.check('a large address book is kept and found', async () => {
        const begin = Date.now();
        const count = await createMany(places);
        report.note(`${count} contacts created in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
        checkEqual((await places.contacts()).length, count, 'contacts in the listing');
        report.note(await timeOf(places, '/api/contacts?limit=100', 100));
        report.note(await timeOf(places, '/api/contacts?q=person.1234@memory&limit=100', 1));
    });
    await report.check(`the server holds less than ${residentMbMax} MB`, async () => {
        const memory = await memoryOf(server.pid);
        report.note(`after: ${show(memory)}`);
        check(memory.most < residentMbMax, show(memory));
    });
    await report.check('the server ends cleanly', () => server.stop());
}
