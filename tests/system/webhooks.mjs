// What changes over there is told to the app by a webhook with the workspace's token: an edit on a page of the
// sandbox is in the app long before the timer would have looked.
import { check, checkEqual, until } from '../browser/support.mjs';
import { makeFolder, Places, ServerProcess } from './world.mjs';

const intervalSeconds = 30;
const soonMs = 15000;  // a hint waits 5 s after the last run, and 2 s for more to come

async function post(places, target, form) {
    const response = await fetch(places.workspace.sandbox + target, {
        method: 'POST', body: new URLSearchParams(form), redirect: 'manual',
    });
    checkEqual(response.status, 303, `POST ${target}`);
    return response.headers.get('location');
}

const webhooksOf = async (places) =>
    (await places.crm('/sandbox/log?customer=dev')).calls.filter(({ via }) => via === 'webhook');

async function checkSoon(places, report, what, change, isThere) {
    // The app's own writes come back as webhooks; only after them nothing but the timer is due.
    let timer = 0;
    await until('the next run to be the timer\'s', async () => {
        timer = Date.parse((await places.app('GET', '/api/sync')).body.nextRunAt);
        return timer > Date.now() + soonMs;
    }, 60000);
    const begin = Date.now();
    await change();
    await until(what, isThere, soonMs);
    const now = Date.now();
    check(now < timer, `${what} came only with the timer`);
    const after = (time) => ((time - begin) / 1000).toFixed(1);
    report.note(`${what} after ${after(now)} s; the timer would have looked after ${after(timer)} s`);
}

export const name = 'webhooks';

export async function run(report) {
    const server = await new ServerProcess(makeFolder(),
        ['--sandbox', '--sync-interval', String(intervalSeconds), '--sync-first', 'auto'], {}).start();
    const places = new Places(server, server);
    await report.check('a person made on a page of HubSpot is soon in the app and in Pipedrive', async () => {
        await places.settle();
        const email = 'radia.perlman@webhook.example';
        await checkSoon(places, report, 'the new person', async () => {
            await post(places, '/hubspot/app/contacts', { firstname: 'Radia', lastname: 'Perlman', email });
        }, async () => (await places.find(email)).length === 1);
        await until('Pipedrive to have it', async () =>
            (await places.pipedrive()).some((record) => record.email === email), soonMs);
    });
    await report.check('a webhook is signed, delivered and written down', async () => {
        const calls = await webhooksOf(places);
        check(calls.length > 0, 'none in the log');
        checkEqual([...new Set(calls.map(({ outcome, status }) => `${outcome} ${status}`))], ['ok 200'], 'the ends');
        check(calls.some(({ action, system }) => action === 'on-create' && system === 'hubspot'), 'no on-create');
    });
    await report.check('when they are switched off nothing is told', async () => {
        await places.crm('/sandbox/webhooks', 'POST', { url: '' });
        const page = await post(places, '/hubspot/app/contacts',
            { firstname: 'No', lastname: 'Body', email: 'no@webhook.example' });
        const id = page.match(/contacts\/(\d+)/)[1];
        await places.sync();
        checkEqual((await webhooksOf(places)).filter(({ recordId }) => recordId === id), [], 'webhooks about it');
    });
    await server.stop();
}
