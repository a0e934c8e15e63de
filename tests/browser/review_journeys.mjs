// What waits for a person, and why things are as they are: Review, a contact's Sync tab, the Sync screen and the
// connections, from the browser to both CRMs and back. By roles and names only.
import path from 'node:path';

import { App, check, checkAccessible, checkEqual, Eyes, startServer, until } from './support.mjs';

let last = 0;
function freshEmail(word) {
    last += 1;
    return `${word}.${process.pid}.${last}@review.example`;
}

/** A server that asks a person about every conflict. */
const asking = { systems: [{ key: 'hubspot' }, { key: 'pipedrive' }], conflicts: { '*': 'ask' } };

/** The story against a server of its own. */
async function withServer(world, options, story) {
    const server = await startServer(options);
    try {
        await story({ ...world, server, app: new App(world.page, server), eyes: new Eyes(server) });
    } finally {
        checkEqual(await server.stop(), 0, 'the exit code of the server');
    }
}

async function settle(eyes) {
    await until('nothing to be pending', async () => (await eyes.sync()).pending === 0, 60000);
}

async function createEverywhere({ eyes }, fields) {
    const made = await eyes.app('POST', '/api/contacts', fields);
    checkEqual(made.status, 201, `creating ${fields.name}`);
    await settle(eyes);
    const there = await eyes.everywhere(fields.email);
    checkEqual([there.hubspot.length, there.pipedrive.length], [1, 1], `records of ${fields.name}`);
    return { contact: made.body.contact, there };
}

/** Both sides change the phone before the next sync. */
async function collide(world, { contact, there }, here, inHubspot) {
    const { eyes } = world;
    await eyes.app('PATCH', `/api/contacts/${contact.id}`, { phone: here });
    await eyes.write('PATCH', `/hubspot/crm/v3/objects/contacts/${there.hubspot[0].id}`, {
        properties: { phone: inHubspot },
    });
    await until('the conflict to be recorded', async () => {
        await eyes.sync();
        const { conflicts } = (await eyes.app('GET', `/api/conflicts?contact=${contact.id}`)).body;
        return conflicts.length > 0;
    }, 60000);
}

async function picture({ page, screenshots }, name, sizes = [[1440, 900], [390, 844]]) {
    for (const scheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: scheme });
        for (const [width, height] of sizes) {
            await page.setViewportSize({ width, height });
            await page.evaluate(() => window.contacts.idle());
            await page.screenshot({ path: path.join(screenshots, `${name}-${width}-${scheme}.png`) });
        }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.evaluate(() => window.contacts.idle());
}

async function phones(eyes, email) {
    const there = await eyes.everywhere(email);
    const [here] = await eyes.find(email);
    return [here.phone, there.hubspot[0].phone, there.pipedrive[0].phone];
}

async function decideConflicts(world) {
    const { app, eyes, page } = world;
    const first = freshEmail('ada');
    const second = freshEmail('boris');
    const ada = await createEverywhere(world, { name: 'Ada Both', email: first, phone: '+44 20 7946 0001' });
    const boris = await createEverywhere(world, { name: 'Boris Both', email: second, phone: '+44 20 7946 0011' });
    await collide(world, ada, '+44 20 7946 0002', '+44 20 7946 0003');
    await collide(world, boris, '+44 20 7946 0012', '+44 20 7946 0013');
    await app.open('#/review');
    await app.seen(app.role('tab', 'Conflicts 2'), 'the count of the tab');
    await app.seen(app.role('radio', 'Before: +44 20 7946 0011'), 'what was before');
    await app.seen(app.role('radio', 'HubSpot: +44 20 7946 0013'), 'what HubSpot has');
    await app.seen(app.role('radio', 'Here: +44 20 7946 0012'), 'what stands here');
    await checkAccessible(page, 'the conflicts');
    await picture(world, 'review-conflicts');
    // The keyboard alone: the second side, and Enter.
    await page.keyboard.press('2');
    await app.idle();
    await page.keyboard.press('Enter');
    await app.said('Phone of Boris Both is now “+44 20 7946 0013”');
    await app.role('button', 'Undo').hover();  // a toast that is pointed at stays
    await app.seen(app.role('tab', 'Conflicts 1'), 'one conflict fewer');
    await settle(eyes);
    checkEqual(await phones(eyes, second), Array(3).fill('+44 20 7946 0013'), 'the phone everywhere');
    await undoDecision(world, second);
    // A value of one's own, for the other one.
    await app.seen(app.role('heading', 'Ada Both · Phone'), 'the next conflict');
    await app.fill('Another value', '+44 20 7946 0009');
    await app.press('button', 'Apply to all systems');
    await app.said('Phone of Ada Both is now “+44 20 7946 0009”');
    await app.seen(page.getByText('All clear. No conflict waits for you'), 'the empty list');
    await checkAccessible(page, 'Review when all is clear');
    await settle(eyes);
    checkEqual(await phones(eyes, first), Array(3).fill('+44 20 7946 0009'), 'the phone everywhere');
}

/** Undo puts back what stood before; the value that lost is still there and can be chosen. */
async function undoDecision(world, email) {
    const { app, eyes, page } = world;
    await app.press('button', 'Undo');
    await app.said('Phone of Boris Both is now “+44 20 7946 0012”');
    await settle(eyes);
    checkEqual(await phones(eyes, email), Array(3).fill('+44 20 7946 0012'), 'the phone after Undo');
    await app.press('tab', 'Past conflicts');
    check(page.url().endsWith('#/review?tab=past'), `the address is ${page.url()}`);
    await app.seen(app.role('radio', 'HubSpot: +44 20 7946 0013'), 'the value that lost');
    await picture(world, 'review-past', [[1440, 900]]);
    await page.goBack();
    await app.idle();
}

/** Two records without e-mail have the phones of two contacts: one is the same person, one is not. */
async function decideRecords(world) {
    const { app, eyes, page } = world;
    const people = { Grace: '+1 212 555 0177', Heidi: '+1 212 555 0188' };
    for (const [name, phone] of Object.entries(people)) {
        await eyes.write('POST', '/hubspot/crm/v3/objects/contacts', {
            properties: { firstname: name[0] + '.', lastname: 'Known', phone },
        });
        const email = freshEmail(name.toLowerCase());
        const made = await eyes.app('POST', '/api/contacts', { name: `${name} Known`, email, phone });
        checkEqual(made.status, 201, `creating ${name}`);
        people[name] = email;
    }
    await until('the records to be held', async () => {
        await eyes.sync();
        return (await eyes.app('GET', '/api/sync/holds')).body.total === 2;
    }, 60000);
    await app.open('#/review?tab=records');
    await app.seen(app.role('tab', 'Records 2'), 'the count of the tab');
    await app.press('button', /^G\. Known/);
    await app.seen(page.getByText('May be Grace Known', { exact: true }), 'the suggestion');
    await app.seen(app.role('link', 'Open Grace Known'), 'the way to the contact');
    await checkAccessible(page, 'the held records');
    await picture(world, 'review-records');
    await app.press('button', 'Link to Grace Known');
    await app.said('G. Known is linked');
    await app.seen(page.getByText('May be Heidi Known', { exact: true }), 'the next suggestion');
    await app.press('button', 'Keep apart');
    await app.said('H. Known is kept apart');
    await app.seen(app.role('tab', 'Records'), 'no record that is asked about');
    await settle(eyes);
    for (const [name, email] of Object.entries(people)) {
        checkEqual((await eyes.everywhere(email)).hubspot.length, 1, `HubSpot records of ${name}`);
    }
    const named = (await eyes.hubspot()).filter(({ name }) => name.endsWith(' Known'));
    checkEqual(named.length, 3, 'HubSpot records in all: one linked, one apart, one of its own');
}

async function syncTab(world) {
    const { app, eyes, page } = world;
    const email = freshEmail('why');
    const { contact, there } = await createEverywhere(world, {
        name: 'Why Person', email, phone: '+44 20 7946 0021',
    });
    await app.open(`#/contacts/${contact.id}`);
    await app.press('tab', 'Sync');
    check(page.url().endsWith(`#/contacts/${contact.id}?tab=sync`), `the address is ${page.url()}`);
    await app.seen(page.getByText(`In step with HubSpot record ${there.hubspot[0].id}`), 'the one true sentence');
    await app.seen(app.role('link', 'Open in HubSpot'), 'the way to the record');
    await until('what was received to be told', async () =>
        await page.getByText(/· received the same$/).count() >= 10);
    await checkAccessible(page, 'the Sync tab');
    await picture(world, 'record-sync');
    // A CRM that refuses: the tab says why, and what comes next, without a reload.
    await eyes.write('POST', '/sandbox/faults', { system: 'hubspot', fault: 'read_only', count: -1 });
    await eyes.app('PATCH', `/api/contacts/${contact.id}`, { phone: '+44 20 7946 0022' });
    await app.press('button', 'Sync this contact');
    await app.seen(page.getByText('“+44 20 7946 0021”').first(), 'the value that HubSpot still has');
    await app.seen(page.getByText(/^sent the same · received/), 'what Pipedrive was sent');
    await app.press('tab', 'Timeline');
    await app.seen(page.getByText('Phone: +44 20 7946 0021 → +44 20 7946 0022'), 'the change with both values');
    await page.reload();
    await app.idle();
    checkEqual(await app.role('tab', 'Timeline').getAttribute('aria-selected'), 'true', 'the tab after a reload');
    await checkAccessible(page, 'the Timeline tab');
    await picture(world, 'record-timeline');
}

const changesOf = ({ records }) => records
    .map(({ title, system, kind, changes }) => JSON.stringify([title, system, kind, changes])).sort();

/** What is previewed is what is done; a paused system gets nothing until it is resumed. */
async function previewAndPause(world) {
    const { app, eyes, page } = world;
    const email = freshEmail('plan');
    const { contact } = await createEverywhere(world, { name: 'Planned', email, phone: '+44 20 7946 0031' });
    await eyes.app('PATCH', `/api/contacts/${contact.id}`, { phone: '+44 20 7946 0032' });
    const before = await eyes.writes();
    await app.open('#/sync');
    await app.press('button', 'Preview changes');
    await app.seen(page.getByText(/^Would make 2 changes, with \d+ API calls: HubSpot \d+, Pipedrive \d+$/),
        'the sum of the preview');
    await app.seen(app.role('link', 'Change Planned in HubSpot'), 'the write to HubSpot');
    checkEqual(await page.getByText('Phone: “+44 20 7946 0031” → “+44 20 7946 0032”').count(), 2, 'old and new');
    checkEqual(await eyes.writes(), before, 'writes of a preview');
    await checkAccessible(page, 'a preview');
    await picture(world, 'sync-preview');
    const preview = (await eyes.app('GET', `/api/sync/runs/${page.url().split('/').pop()}`)).body.run;
    await app.press('button', 'Do this now');
    await app.said('Sync finished');
    const { run: done } = (await eyes.app('GET', '/api/sync')).body;
    const real = (await eyes.app('GET', `/api/sync/runs/${done.id}`)).body.run;
    checkEqual(changesOf(real), changesOf(preview), 'what was done, beside what was previewed');
    await app.open('#/sync');
    await checkAccessible(page, 'the Sync screen');
    await picture(world, 'sync-overview');
    await app.press('button', 'Pause HubSpot');
    await app.seen(app.role('button', 'Resume HubSpot'), 'the way back');
    await eyes.app('PATCH', `/api/contacts/${contact.id}`, { phone: '+44 20 7946 0033' });
    await app.syncNow(eyes);
    checkEqual(await phones(eyes, email), ['+44 20 7946 0033', '+44 20 7946 0032', '+44 20 7946 0033'],
        'the phone while HubSpot is paused');
    await app.press('button', 'Resume HubSpot');
    await app.seen(app.role('button', 'Pause HubSpot'), 'the system at work');
    await settle(eyes);
    checkEqual(await phones(eyes, email), Array(3).fill('+44 20 7946 0033'), 'the phone after resuming');
}

/** A run that would delete more than allowed changes nothing, names them, and waits for a yes. */
async function heldRun(world) {
    const { app, eyes, page } = world;
    const emails = [];
    const contacts = [];
    for (const name of ['Held One', 'Held Two', 'Held Three']) {
        const email = freshEmail('held');
        emails.push(email);
        contacts.push((await createEverywhere(world, { name, email })).contact);
    }
    for (const { id } of contacts) await eyes.app('DELETE', `/api/contacts/${id}`);
    const everywhere = async () => {
        const counts = [];
        for (const email of emails) {
            const there = await eyes.everywhere(email);
            counts.push(there.hubspot.length + there.pipedrive.length);
        }
        return counts;
    };
    await app.open('#/sync');
    const run = await app.syncNow(eyes);
    checkEqual(run.state, 'held', 'the run');
    checkEqual(await everywhere(), [2, 2, 2], 'records while it is held');
    await app.seen(app.role('button', 'Approve'), 'the question');
    await app.seen(app.role('button', 'Discard'), 'the other answer');
    await checkAccessible(page, 'a held run');
    await picture(world, 'sync-held');
    await app.press('link', 'See every change');
    for (const name of ['Held One', 'Held Two', 'Held Three']) {
        check(await page.getByText(`Delete ${name} in HubSpot`).count() === 1, `${name} is not named`);
    }
    await app.open('#/review');
    await app.seen(app.role('button', 'Approve'), 'the held run in Review');
    await app.press('button', 'Approve');
    await app.said('Approved');
    await settle(eyes);
    checkEqual(await everywhere(), [0, 0, 0], 'records after the yes');
}

/** A broken connection is told with its one action; nothing is deleted; then it goes on by itself. */
async function brokenConnection(world) {
    const { app, eyes, page } = world;
    const email = freshEmail('broken');
    const { contact } = await createEverywhere(world, { name: 'Broken Link', email, phone: '+44 20 7946 0041' });
    await eyes.write('POST', '/sandbox/faults', { system: 'hubspot', fault: 'read_only', count: -1 });
    await eyes.app('PATCH', `/api/contacts/${contact.id}`, { phone: '+44 20 7946 0042' });
    await app.open('#/sync');
    await app.syncNow(eyes);
    await app.seen(app.role('link', 'Reconnect HubSpot'), 'the one action');
    await app.seen(app.role('button', /^Retry: HubSpot/), 'the way to try again');
    check(await page.getByText('Nothing was lost').count() >= 1, 'what it means for the data is not said');
    await checkAccessible(page, 'a broken connection');
    await picture(world, 'sync-broken');
    checkEqual((await eyes.everywhere(email)).hubspot.length, 1, 'the record meanwhile');
    await eyes.erase('/sandbox/faults');
    const before = await eyes.writes();
    await app.press('button', /^Retry: HubSpot/);
    await app.gone(app.role('link', 'Reconnect HubSpot'), 'the broken connection');
    await settle(eyes);
    checkEqual(await phones(eyes, email), Array(3).fill('+44 20 7946 0042'), 'the phone in the end');
    checkEqual(await eyes.writes() - before, 1, 'writes of the retry');
}

/** A long run shows how far it is, can be stopped, and what it did not do is done by the next one, once. */
async function stopRun(world) {
    const { app, eyes, page } = world;
    await eyes.write('POST', '/sandbox/faults', { operation: 'create', fault: 'delay', count: -1, delayMs: 300 });
    await app.open('#/sync');
    await app.role('button', 'Sync now').click();
    await until('the progress to be seen', async () => await page.getByText(/^Running \d+ of \d+$/).count() >= 1);
    await app.role('button', 'Stop this run').click();
    const stopped = await until('the run to stop', async () => {
        const { run } = (await eyes.app('GET', '/api/sync')).body;
        return run?.state === 'cancelled' ? run : null;
    });
    await until('the end to be told', async () => await page.getByText('Sync was stopped').count() >= 1);
    const { run } = (await eyes.app('GET', `/api/sync/runs/${stopped.id}`)).body;
    check(run.progress.done < run.progress.total, `all ${run.progress.total} were done`);
    await app.open(`#/sync/runs/${run.id}`);
    await app.seen(page.getByText('Stopped', { exact: true }), 'the word for it');
    await eyes.erase('/sandbox/faults');
    await settle(eyes);
    for (const records of [await eyes.hubspot(), await eyes.pipedrive()]) {
        const emails = records.map(({ email }) => email.toLowerCase()).filter(Boolean);
        checkEqual(emails.length, new Set(emails).size, 'records for as many addresses');
    }
}

async function connections(world) {
    const { app, eyes, page } = world;
    const email = freshEmail('link');
    await createEverywhere(world, { name: 'Linked Person', email });
    await app.open('#/settings');
    await app.seen(app.role('button', 'Disconnect HubSpot…'), 'the connected system');
    await checkAccessible(page, 'Settings');
    await picture(world, 'settings-connections');
    await app.press('button', 'Disconnect HubSpot…');
    await app.seen(page.getByText('Nothing is deleted, here or in HubSpot', { exact: false }), 'what it means');
    await checkAccessible(page, 'the question about disconnecting');
    await picture(world, 'settings-disconnect');
    await app.press('button', 'Disconnect');
    await app.said('HubSpot is disconnected. Nothing was deleted');
    const there = await eyes.everywhere(email);
    checkEqual([there.hubspot.length, (await eyes.find(email)).length], [1, 1], 'what is left');
    await app.press('button', 'Connect HubSpot');
    const link = app.role('link', 'Open the page of HubSpot');
    await app.seen(link, 'the way to the page of HubSpot');
    await checkAccessible(page, 'the question about connecting');
    const [other] = await Promise.all([world.context.waitForEvent('page'), link.click()]);
    await other.getByRole('button', { name: 'Allow' }).click();
    await page.bringToFront();
    await app.said('HubSpot is connected');
    await app.gone(page.getByRole('dialog'), 'the question');
    await settle(eyes);
    checkEqual((await eyes.everywhere(email)).hubspot.length, 1, 'records after connecting again');
}

export const reviewJourneys = [
    {
        name: 'review: two edits of one field wait for a choice, which every system gets; Undo; the loser stays (A50)',
        run: (world) => withServer(world, { connectors: asking }, decideConflicts),
    },
    {
        name: 'review: a record without e-mail says why it is held, who it may be, and takes a no',
        run: (world) => withServer(world, {}, decideRecords),
    },
    {
        name: 'a contact\'s Sync tab tells for each system the link, the values and one true reason (A55)',
        run: (world) => withServer(world, {}, syncTab),
    },
    {
        name: 'sync: a preview lists every write and is what is done; a paused system gets nothing (A51, A53)',
        run: (world) => withServer(world, {}, previewAndPause),
    },
    {
        name: 'sync: a run that would delete too much waits, names whom, and does it after a yes (A52)',
        run: (world) => withServer(world, { flags: ['--sync-delete-limit', '2'] }, heldRun),
    },
    {
        name: 'sync: a long run shows its progress, stops when it is told to, and nothing is there twice (A46)',
        run: (world) => withServer(world, {}, stopRun),
    },
    {
        name: 'sync: a broken connection says what to do, loses nothing, and a retry sends what failed (A49, A54)',
        run: (world) => withServer(world, {}, brokenConnection),
    },
    {
        name: 'connections: disconnecting says first what it means, deletes nothing, and connecting goes on',
        run: (world) => withServer(world, {}, connections),
    },
];
