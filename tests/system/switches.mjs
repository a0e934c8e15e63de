// Every switch of the practice pages, in both CRMs at once, while contacts are created and changed: when the
// faults are over, all places agree and nobody is there twice.
import { check, checkEqual, until } from '../browser/support.mjs';
import { checkAgreement, Places, startApp, startWorkspace } from './world.mjs';

const systems = ['hubspot', 'pipedrive'];
const roundsUnderFaults = 2;
const oldReadings = ['lag', 'stale'];
const settleSeconds = 6;  // the switches show what is five seconds old

async function post(places, target, body) {
    const response = await fetch(places.workspace.sandbox + target, {
        method: 'POST', body: new URLSearchParams(body), redirect: 'manual',
    });
    checkEqual(response.status, 303, `POST ${target}`);
}

async function switchesOf(places) {
    const page = await (await fetch(`${places.workspace.sandbox}/hubspot/app/faults`)).text();
    return [...page.matchAll(/name="preset" value="([a-z_]+)"/g)].map(([, preset]) => preset);
}

async function live(places, preset) {
    const email = `${preset}@switch.example`;
    const made = await places.change('POST', '/api/contacts', { name: `Person ${preset}`, email });
    const other = (await places.contacts()).find(({ id, hubspotId, pipedriveId }) =>
        id !== made.id && hubspotId && pipedriveId);
    await places.change('PATCH', `/api/contacts/${other.id}`, { jobTitle: `Job ${preset}` });
    for (let round = 0; round < roundsUnderFaults; round += 1) await places.sync();
    return [made, other];
}

/** What Pipedrive forbade waits there until the contact is edited: a refusal may be about one record only. */
async function editAgain(places, contacts, preset) {
    for (const { id } of contacts) {
        await places.change('PATCH', `/api/contacts/${id}`, { jobTitle: `Job ${preset} again` });
    }
}

/** A limit that was reached holds the app back for some seconds; only then it calls again. */
async function settle(places) {
    await until('a run that reaches both CRMs', async () => (await places.sync()).state === 'done', 60000);
    await places.settle();
}

/** In a world of its own, whose app was told how old a listing may be. */
async function checkOld(preset) {
    const workspace = await startWorkspace();
    const app = await startApp(workspace, { SYNC_FIRST: 'auto', SYNC_SETTLE_S: String(settleSeconds) });
    const places = new Places(app, workspace);
    const settled = () => until('nothing to be pending', async () => (await places.sync()).pending === 0, 90000);
    await settled();
    for (const system of systems) await post(places, `/${system}/app/faults`, { preset });
    await live(places, preset);
    for (const system of systems) await post(places, `/${system}/app/faults/end`, {});
    await settled();
    checkAgreement(await places.everyPlace());
    await app.stop();
    await workspace.stop();
}

/** What holds the app back until tomorrow: it says so, it does not call, and what was typed is kept. */
async function checkDaily(places) {
    for (const system of systems) await post(places, `/${system}/app/faults`, { preset: 'daily' });
    const [made] = await live(places, 'daily');
    for (const system of systems) await post(places, `/${system}/app/faults/end`, {});
    const before = await places.calls();
    await places.sync();
    checkEqual((await places.calls()).total, before.total, 'calls after the day\'s limit');
    const { systems: states } = (await places.app('GET', '/api/sync')).body;
    checkEqual(states.map(({ state }) => state), ['rate_limited', 'rate_limited'], 'the states');
    checkEqual((await places.find('daily@switch.example')).map(({ id }) => id), [made.id], 'the contact');
}

export const name = 'switches';

export async function run(report) {
    const workspace = await startWorkspace();
    const app = await startApp(workspace, { SYNC_FIRST: 'auto' });
    const places = new Places(app, workspace);
    await places.settle();
    const presets = await switchesOf(places);
    check(presets.length >= 15, `only ${presets.length} switches on the page`);
    for (const preset of presets) {
        // Two people over there who become one are one; what the app makes of that has tests of its own.
        if (preset === 'merge' || preset === 'daily') continue;
        if (preset === 'blocked') continue;  // the app keeps away for half an hour
        if (oldReadings.includes(preset)) continue;
        await report.check(`"${preset}" loses nothing and doubles nobody`, async () => {
            for (const system of systems) await post(places, `/${system}/app/faults`, { preset });
            const contacts = await live(places, preset);
            for (const system of systems) await post(places, `/${system}/app/faults/end`, {});
            if (preset === 'read_only') await editAgain(places, contacts, preset);
            await settle(places);
            checkAgreement(await places.everyPlace());
        });
    }
    for (const preset of oldReadings) {
        check(presets.includes(preset), `there is no switch "${preset}"`);
        await report.check(`"${preset}" misleads no app that knows how old a reading may be`, () => checkOld(preset));
    }
    await report.check('"daily" keeps everything until the next day', () => checkDaily(places));
    await app.stop();
    await workspace.stop();
}
