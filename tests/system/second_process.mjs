// The app and the workspace as two processes: whatever they agree on went through the wire. Then the
// preview of a first sync, which changes nothing anywhere.
import { check, checkEqual, until } from '../browser/support.mjs';
import { checkAgreement, Places, startApp, startWorkspace } from './world.mjs';

const email = 'grace.hopper@system.example';

/** The record of this person in each CRM, which must be exactly one in each. */
async function oneInEach(places, when) {
    const there = await places.everywhere(email);
    checkEqual([there.hubspot.length, there.pipedrive.length], [1, 1], `records ${when}`);
    return { hubspot: there.hubspot[0], pipedrive: there.pipedrive[0] };
}

async function nowhere(places, when) {
    const there = await places.everywhere(email);
    checkEqual([there.hubspot.length, there.pipedrive.length], [0, 0], `records ${when}`);
    checkEqual((await places.find(email)).length, 0, `contacts ${when}`);
}

async function checkArrival(places) {
    await places.settle();
    const seen = await places.everyPlace();
    check(seen.hubspot.length >= 120 && seen.pipedrive.length >= 120,
        `only ${seen.hubspot.length} and ${seen.pipedrive.length} records in the CRMs`);
    checkAgreement(seen);
}

async function checkCreate(places) {
    const contact = await places.change('POST', '/api/contacts', {
        name: 'Grace Hopper', email, phone: '+1 212 555 0143', jobTitle: 'Rear admiral',
    });
    await places.settle();
    for (let round = 0; round < 3; round += 1) {
        const there = await oneInEach(places, `in round ${round}`);
        checkEqual(there.hubspot.jobTitle, 'Rear admiral', 'the job title in HubSpot');
        checkEqual(there.pipedrive.name, 'Grace Hopper', 'the name in Pipedrive');
        await places.sync();
    }
    return contact;
}

async function checkEdit(places, contact) {
    await places.change('PATCH', `/api/contacts/${contact.id}`, {
        name: 'Grace B. Hopper', phone: '+1 703 555 0101',
    });
    await places.settle();
    const there = await oneInEach(places, 'after an edit');
    for (const [system, record] of Object.entries(there)) {
        checkEqual(record.name, 'Grace B. Hopper', `the name in ${system}`);
        checkEqual(record.phone, '+1 703 555 0101', `the phone in ${system}`);
    }
}

async function checkEditThere(places) {
    const there = await oneInEach(places, 'before an edit in HubSpot');
    await places.crm(`/hubspot/crm/v3/objects/contacts/${there.hubspot.id}`, 'PATCH', {
        properties: { jobtitle: 'Commodore', phone: '+1 401 555 0199' },
    });
    await places.settle();
    const [here] = await places.find(email);
    checkEqual([here.jobTitle, here.phone], ['Commodore', '+1 401 555 0199'], 'the contact');
    const after = await oneInEach(places, 'after an edit in HubSpot');
    checkEqual([after.pipedrive.jobTitle, after.pipedrive.phone],
        ['Commodore', '+1 401 555 0199'], 'the person in Pipedrive');
}

async function checkDelete(places, contact) {
    await places.change('DELETE', `/api/contacts/${contact.id}`);
    await places.settle();
    for (let round = 0; round < 10; round += 1) {
        await nowhere(places, `in round ${round} after the deletion`);
        await places.sync();
    }
    await nowhere(places, 'after ten further runs');
    checkAgreement(await places.everyPlace());
}

async function checkQuiet(places, report) {
    const counts = [];
    const before = await places.calls();
    for (let round = 0; round < 3; round += 1) {
        const last = (await places.calls()).total;
        const run = await places.sync();
        checkEqual([run.writes, run.pending], [{ app: 0, hubspot: 0, pipedrive: 0 }, 0], 'a run');
        counts.push((await places.calls()).total - last);
    }
    const after = await places.calls();
    checkEqual(after.writes, before.writes, 'writes that took effect');
    const kinds = Object.entries(after.counters).flatMap(([system, actions]) =>
        Object.entries(actions)
            .filter(([action, count]) => count !== before.counters[system][action])
            .map(([action]) => action));
    check(kinds.every((action) => action.includes('list')), `a quiet run asked for ${kinds}`);
    report.note(`calls of a quiet run: ${counts.join(', ')}`);
}

async function runJourney(workspace, report) {
    const app = await startApp(workspace, { SYNC_FIRST: 'auto' });
    const places = new Places(app, workspace);
    let contact;
    await report.check('contacts of both CRMs appear in another process, each once', () =>
        checkArrival(places));
    await report.check('a contact created in the app arrives in both CRMs exactly once', async () => {
        contact = await checkCreate(places);
    });
    await report.check('an edit in the app arrives in both CRMs', () => checkEdit(places, contact));
    await report.check('an edit in HubSpot arrives in the app and in Pipedrive', () =>
        checkEditThere(places));
    await report.check('a contact deleted in the app is gone in both CRMs and never returns', () =>
        checkDelete(places, contact));
    await report.check('three quiet runs write nothing', () => checkQuiet(places, report));
    await report.check('the other process never synced', async () => {
        const own = new Places(workspace, workspace);
        checkEqual((await own.app('GET', '/api/sync/runs')).body.runs, [], 'its runs');
        checkEqual(await own.contacts(), [], 'its contacts');
    });
    await report.check('the app ends cleanly', () => app.stop());
}

/** A first run: held, with the numbers of what it would do, and nothing changed anywhere. */
async function checkHeld(places, before) {
    const run = await places.sync();
    checkEqual(run.state, 'held', 'the state of the run');
    checkEqual(run.writes, { app: 0, hubspot: 0, pipedrive: 0 }, 'its writes');
    const previews = run.problems.filter((problem) => problem.code === 'first_sync');
    checkEqual(previews.map((problem) => problem.system).sort(), ['hubspot', 'pipedrive'],
        'systems with a preview');
    const { body: status } = await places.app('GET', '/api/sync');
    checkEqual(status.systems.map((system) => system.state), ['held', 'held'], 'the systems');
    checkEqual(await places.everyPlace(), before, 'the three places');
    checkEqual((await places.calls()).writes, 0, 'writes that took effect');
    return run;
}

async function checkApproved(places, held) {
    const { status, body } = await places.app('POST', `/api/sync/runs/${held.id}/approve`);
    check(status < 300, `the approval answered ${status}: ${JSON.stringify(body)}`);
    const run = await until('the approved run to end', async () => {
        const { running, run: last } = (await places.app('GET', '/api/sync')).body;
        return !running && last.id !== held.id && !['queued', 'running'].includes(last.state) && last;
    }, 60000);
    checkEqual(run.state, 'done', `the state of the approved run ${JSON.stringify(run)}`);
    await places.settle();
    checkAgreement(await places.everyPlace());
}

async function runPreview(workspace, report) {
    const customer = 'preview';
    const app = await startApp(workspace, { DEV_CUSTOMER_ID: customer });
    const places = new Places(app, workspace, customer);
    await places.change('POST', '/api/contacts', { name: 'Grace Hopper', email });
    const before = await places.everyPlace();
    checkEqual(before.app.map((contact) => contact.email), [email], 'contacts before any sync');
    let held;
    await report.check('a first sync is held and changes nothing in any place', async () => {
        held = await checkHeld(places, before);
        for (const problem of held.problems) report.note(problem.message);
    });
    await report.check('asking again without approval changes nothing either', async () => {
        held = await checkHeld(places, before);
    });
    await report.check('after the approval everything syncs', () => checkApproved(places, held));
    await report.check('nothing of it is held or repeated afterwards', () =>
        checkQuiet(places, report));
    await app.stop();
}

export const name = 'second_process';

export async function run(report) {
    const workspace = await startWorkspace();
    await runJourney(workspace, report);
    await runPreview(workspace, report);
    await workspace.stop();
}
