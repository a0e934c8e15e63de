// What a person does with the app, from the browser to both CRMs and back. By roles and names only.
import path from 'node:path';

import { check, checkAccessible, checkEqual, until } from './support.mjs';

let last = 0;
/** An address that no other journey uses. */
function freshEmail(word) {
    last += 1;
    return `${word}.${process.pid}.${last}@journey.example`;
}

async function createInApp({ app, eyes }, fields) {
    await app.open();
    await app.press('button', 'New contact');
    for (const [name, text] of Object.entries(fields)) await app.fill(name, text);
    await app.press('button', 'Save');
    return until('the contact to be saved', async () => (await eyes.find(fields.Email))[0]);
}

/** Created in the app and arrived in both CRMs. */
async function createEverywhere(world, fields) {
    const contact = await createInApp(world, fields);
    await world.app.syncNow(world.eyes);
    const there = await world.eyes.everywhere(fields.Email);
    checkEqual([there.hubspot.length, there.pipedrive.length], [1, 1], 'records after the first sync');
    return { contact, there };
}

async function deleteInApp({ app }, name) {
    await app.press('button', 'Delete');
    await app.seen(app.page.getByRole('dialog'), 'the question');
    await app.press('button', 'Delete contact');
    await app.said('Trash');
    await app.gone(app.role('complementary', 'Contact'), `the panel of ${name}`);
}

export const journeys = [
    {
        name: 'contacts of both CRMs appear in the app, each once',
        async run({ app, eyes }) {
            await app.open();
            await app.syncNow(eyes);
            await until('nothing to be pending', async () => (await eyes.sync()).pending === 0, 60000);
            await app.open();
            const emails = new Set();
            for (const record of [...await eyes.hubspot(), ...await eyes.pipedrive()]) {
                if (record.email) emails.add(record.email.toLowerCase());
            }
            const grid = app.role('grid', 'Contacts');
            const rows = Number(await grid.getAttribute('aria-rowcount'));
            check(emails.size >= 120, `only ${emails.size} people in the CRMs`);
            check(rows > emails.size * 0.9, `${rows} rows for ${emails.size} people`);
            const here = await eyes.app('GET', '/api/contacts?limit=1000');
            const known = here.body.contacts.map((contact) => contact.email.toLowerCase()).filter(Boolean);
            checkEqual(known.length, new Set(known).size, 'contacts for as many addresses');
            for (const name of ['Name', 'Email', 'Phone', 'Job title', 'Company', 'HubSpot', 'Pipedrive']) {
                await app.seen(app.role('columnheader', name), `the column ${name}`);
            }
        },
    },
    {
        name: 'a contact created in the app arrives in both CRMs exactly once',
        async run(world) {
            const email = freshEmail('grace');
            await createEverywhere(world, {
                Name: 'Grace Hopper', Email: email, Phone: '+1 212 555 0143', 'Job title': 'Rear admiral',
            });
            for (let round = 0; round < 2; round += 1) await world.eyes.sync();
            const there = await world.eyes.everywhere(email);
            checkEqual([there.hubspot.length, there.pipedrive.length], [1, 1], 'records after further syncs');
            checkEqual(there.hubspot[0].jobTitle, 'Rear admiral', 'the job title in HubSpot');
            checkEqual(there.pipedrive[0].name, 'Grace Hopper', 'the name in Pipedrive');
        },
    },
    {
        name: 'an edit in the app arrives in both CRMs',
        async run(world) {
            const { app, eyes } = world;
            const email = freshEmail('linus');
            const { contact } = await createEverywhere(world, { Name: 'Linus Pauling', Email: email });
            await app.open(`#/contacts/${contact.id}`);
            await app.fill('Name', 'Linus C. Pauling');
            await app.fill('Phone', '+1 626 555 0100');
            await app.press('button', 'Save');
            await app.said('Saved');
            await app.syncNow(eyes);
            const there = await eyes.everywhere(email);
            checkEqual([there.hubspot.length, there.pipedrive.length], [1, 1], 'records');
            checkEqual(there.hubspot[0].name, 'Linus C. Pauling', 'the name in HubSpot');
            checkEqual(there.pipedrive[0].name, 'Linus C. Pauling', 'the name in Pipedrive');
            checkEqual(there.hubspot[0].phone, '+1 626 555 0100', 'the phone in HubSpot');
        },
    },
    {
        name: 'a contact deleted in the app is gone in both CRMs and never returns',
        async run(world) {
            const { app, eyes } = world;
            const email = freshEmail('old');
            const { contact } = await createEverywhere(world, { Name: 'Old Friend', Email: email });
            await app.open(`#/contacts/${contact.id}`);
            await deleteInApp(world, 'Old Friend');
            await app.syncNow(eyes);
            for (let round = 0; round < 10; round += 1) {
                await eyes.sync();
                const there = await eyes.everywhere(email);
                checkEqual([there.hubspot.length, there.pipedrive.length], [0, 0], `records in round ${round}`);
                checkEqual((await eyes.find(email)).length, 0, `contacts in round ${round}`);
            }
        },
    },
    {
        name: 'Undo brings a deleted contact back, before and after a sync',
        async run(world) {
            const { app, eyes } = world;
            const email = freshEmail('undo');
            const { contact } = await createEverywhere(world, { Name: 'Undo Me', Email: email });
            await app.open(`#/contacts/${contact.id}`);
            await deleteInApp(world, 'Undo Me');
            await app.press('button', 'Undo');
            await app.said('Restored');
            checkEqual((await eyes.find(email))[0]?.id, contact.id, 'the contact after Undo');

            await app.open(`#/contacts/${contact.id}`);
            await deleteInApp(world, 'Undo Me');
            await app.syncNow(eyes);
            await app.open('#/trash');
            await app.press('button', 'Restore Undo Me');
            await app.said('Restored');
            await until('both CRMs to have it again', async () => {
                await eyes.sync();
                const there = await eyes.everywhere(email);
                return there.hubspot.length === 1 && there.pipedrive.length === 1;
            }, 60000);
        },
    },
    {
        name: 'an edit on HubSpot\'s page appears in the open list and arrives in Pipedrive',
        async run(world) {
            const { app, eyes, page, context, server } = world;
            const email = freshEmail('ada');
            const { there } = await createEverywhere(world, { Name: 'Ada Byron', Email: email });
            await app.open();
            await app.search(email);
            await app.seen(app.role('link', 'Ada Byron'), 'the row before');
            const hubspot = await context.newPage();
            await hubspot.goto(`${server.sandbox}/hubspot/app/contacts/${there.hubspot[0].id}`);
            await hubspot.getByLabel('Last name').fill('Lovelace');
            await hubspot.getByRole('button', { name: 'Save' }).click();
            await hubspot.getByRole('status').waitFor();
            await page.bringToFront();
            await until('the new name in the open list', async () => {
                await eyes.sync();
                return await app.role('link', 'Ada Lovelace').count() === 1;
            }, 60000);
            await until('the new name in Pipedrive', async () =>
                (await eyes.everywhere(email)).pipedrive[0]?.name === 'Ada Lovelace', 60000);
        },
    },
    {
        name: 'three quiet runs write nothing',
        async run({ eyes }) {
            await until('nothing to be pending', async () => (await eyes.sync()).pending === 0, 60000);
            const before = await eyes.writes();
            check(before > 0, 'the journeys before wrote nothing');
            for (let round = 0; round < 3; round += 1) {
                const run = await eyes.sync();
                const sum = Object.values(run.writes).reduce((total, count) => total + count, 0);
                checkEqual(sum, 0, `writes of quiet run ${round}`);
            }
            checkEqual(await eyes.writes(), before, 'writes that the CRMs saw');
        },
    },
    {
        name: 'search finds by name and by part of an address, the address of the page keeps it',
        async run(world) {
            const { app, page } = world;
            const email = freshEmail('zoe.search');
            await createInApp(world, { Name: 'Zoë Ångström', Email: email });
            await app.search('zoe angstrom');
            await app.seen(app.role('link', 'Zoë Ångström'), 'the row found without accents');
            check(decodeURIComponent(page.url()).includes('q=zoe angstrom'), `the address is ${page.url()}`);
            await page.reload();
            await app.idle();
            await app.seen(app.role('link', 'Zoë Ångström'), 'the row after a reload');
            await app.search('no such person at all');
            await app.press('button', 'Clear search');
            await until('the whole list', async () =>
                Number(await app.role('grid', 'Contacts').getAttribute('aria-rowcount')) > 100);
        },
    },
    {
        name: 'a click on a header sorts, marks the column, and survives a reload',
        async run({ app, page }) {
            await app.open();
            const header = app.role('columnheader', 'Name');
            checkEqual(await header.getAttribute('aria-sort'), 'ascending', 'the mark at the start');
            const firstName = async () => page.getByRole('rowheader').first().innerText();
            const before = await firstName();
            await app.press('columnheader', 'Name');
            await until('the mark to turn', async () => await header.getAttribute('aria-sort') === 'descending');
            await until('another first row', async () => await firstName() !== before);
            await page.reload();
            await app.idle();
            await until('the mark after a reload', async () =>
                await header.getAttribute('aria-sort') === 'descending');
        },
    },
    {
        name: 'a bad email is told beside its field and not saved',
        async run({ app, eyes }) {
            await app.open();
            await app.press('button', 'New contact');
            await app.fill('Name', 'Nobody Inparticular');
            await app.fill('Email', 'not an address');
            await app.press('button', 'Save');
            const field = app.role('textbox', 'Email');
            await until('the field to be marked', async () => await field.getAttribute('aria-invalid') === 'true');
            checkEqual(await field.inputValue(), 'not an address', 'what was typed');
            const found = await eyes.app('GET', '/api/contacts?q=Inparticular');
            checkEqual(found.body.total, 0, 'contacts that were saved');
            await app.fill('Email', freshEmail('nobody'));
            await until('the mark to go', async () => await field.getAttribute('aria-invalid') !== 'true');
            await app.press('button', 'Cancel');
            await app.gone(app.role('complementary', 'Contact'), 'the form');
        },
    },
    {
        name: 'unsaved text is kept until the person gives it up',
        async run(world) {
            const { app, page } = world;
            const email = freshEmail('guard');
            const contact = await createInApp(world, { Name: 'Guarded', Email: email });
            await app.open();
            await app.search(email);
            await app.press('link', 'Guarded');
            await app.fill('Company', 'Half typed');
            await page.goBack();
            await app.seen(page.getByRole('dialog'), 'the question');
            await app.press('button', 'Keep editing');
            checkEqual(await app.role('textbox', 'Company').inputValue(), 'Half typed', 'the text');
            check(page.url().includes(contact.id), `the address is ${page.url()}`);
            await page.keyboard.press('Escape');
            await app.seen(page.getByRole('dialog'), 'the question after Escape');
            await app.press('button', 'Discard changes');
            await app.gone(app.role('complementary', 'Contact'), 'the panel');
        },
    },
    {
        name: 'two people edit one field: the choice decides, nothing is lost silently',
        async run(world) {
            const { app, eyes, page } = world;
            const email = freshEmail('two');
            const contact = await createInApp(world, { Name: 'Two Hands', Email: email, Company: 'First' });
            await app.open(`#/contacts/${contact.id}`);
            await app.fill('Company', 'Mine');
            await app.fill('Job title', 'Engineer');
            await eyes.app('PATCH', `/api/contacts/${contact.id}`, { company: 'Theirs' });
            await app.press('button', 'Save');
            await app.seen(page.getByRole('dialog'), 'the choice');
            await app.press('radio', 'Company, theirs: Theirs');
            await app.press('button', 'Save these values');
            const saved = await until('the choice to be saved', async () => {
                const [now] = await eyes.find(email);
                return now?.jobTitle === 'Engineer' ? now : null;
            });
            checkEqual(saved.company, 'Theirs', 'the company');
        },
    },
    {
        name: 'the keyboard alone: search, open, close, new',
        async run(world) {
            const { app, page } = world;
            const email = freshEmail('keys');
            await createInApp(world, { Name: 'Keyboard Person', Email: email });
            await app.open();
            await page.keyboard.press('/');
            await app.idle();
            await page.keyboard.type(email);
            await until('the row', async () => await app.role('link', 'Keyboard Person').count() === 1);
            await app.idle();
            await app.role('link', 'Keyboard Person').focus();
            await page.keyboard.press('Enter');
            await app.seen(app.role('complementary', 'Contact'), 'the panel');
            await page.keyboard.press('Escape');
            await app.gone(app.role('complementary', 'Contact'), 'the panel');
            await page.evaluate(() => document.activeElement?.blur());
            await page.keyboard.press('n');
            await app.seen(app.role('textbox', 'Name'), 'the form of a new contact');
            await app.idle();
            await page.keyboard.press('Escape');
            await app.gone(app.role('textbox', 'Name'), 'the form');
        },
    },
    {
        name: 'Ctrl+K finds people, actions and screens from everywhere, and gives focus back (A16)',
        async run(world) {
            const { app, page } = world;
            const email = freshEmail('palette');
            await createInApp(world, { Name: 'Palette Person', Email: email });
            for (const hash of ['#/contacts', '#/sync', '#/review', '#/trash', '#/settings']) {
                await app.open(hash);
                const search = app.role('searchbox', 'Search contacts');
                await search.focus();
                await page.keyboard.press('Control+k');
                await app.seen(app.role('dialog', 'Find anything'), `the palette on ${hash}`);
                await app.idle();
                await page.keyboard.press('Escape');
                await app.gone(page.getByRole('dialog'), 'the palette');
                check(await search.evaluate((field) => field === document.activeElement), `focus on ${hash}`);
            }
            await page.keyboard.press('Control+k');
            await app.seen(app.role('dialog', 'Find anything'), 'the palette');
            await checkAccessible(page, 'the palette');
            await page.keyboard.type('palette pers');
            await app.seen(app.role('button', `Palette Person, Contact · ${email}`), 'the person');
            await app.idle();
            await page.screenshot({ path: path.join(world.screenshots, 'palette-1440-light.png') });
            await page.keyboard.press('Enter');
            await app.seen(app.role('complementary', 'Contact'), 'the contact');
            await page.keyboard.press('Control+k');
            await app.idle();
            await page.keyboard.type('why palette');
            await app.idle();
            await page.keyboard.press('Enter');
            await until('the Sync tab', async () => page.url().endsWith('?tab=sync'));
        },
    },
    {
        name: 'names of other scripts are kept as typed',
        async run(world) {
            const email = freshEmail('scripts');
            const name = 'محمد 你好 देव 👩‍💻';
            const contact = await createInApp(world, { Name: name, Email: email });
            checkEqual(contact.name, name, 'the name');
            await world.app.open();
            await world.app.search(email);
            await world.app.seen(world.app.role('link', name), 'the row');
        },
    },
    {
        name: 'an open app draws no frame while nothing happens',
        async run({ app, page }) {
            await app.open();
            const drawn = await page.evaluate(async () => {
                await window.contacts.idle();
                const before = window.contacts.frames;
                for (let count = 0; count < 120; count += 1) {
                    await new Promise((resolve) => { requestAnimationFrame(resolve); });
                }
                return window.contacts.frames - before;
            });
            checkEqual(drawn, 0, 'frames during 120 of the screen\'s');
        },
    },
    {
        name: 'a lost connection is told, and the way back is found by itself',
        async run({ app, context, page }) {
            await app.open();
            await context.setOffline(true);
            await app.search('anybody');
            const banner = page.getByText('the app tries again by itself');
            await app.seen(banner, 'the banner');
            await context.setOffline(false);
            await app.gone(banner, 'the banner');
            await app.said('Connected again');
            await app.seen(app.page.getByText('Nothing matches'), 'the answer to the search');
        },
    },
    {
        name: 'every screen, the panel and the question are accessible',
        async run(world) {
            const { app, page } = world;
            const contact = await createInApp(world, { Name: 'Axel', Email: freshEmail('axe') });
            for (const hash of ['#/contacts', `#/contacts/${contact.id}`, '#/contacts/new', '#/sync', '#/review',
                '#/trash', '#/settings']) {
                await app.open(hash);
                await checkAccessible(page, hash);
            }
            await app.open(`#/contacts/${contact.id}`);
            await app.press('button', 'Delete');
            await app.seen(page.getByRole('dialog'), 'the question');
            await checkAccessible(page, 'the question');
        },
    },
    {
        name: 'the screens in both themes and three widths are pictured',
        async run({ app, eyes, page, screenshots }) {
            const [contact] = (await eyes.app('GET', '/api/contacts?limit=3&sort=name')).body.contacts.slice(-1);
            const places = {
                list: '#/contacts', record: `#/contacts/${contact.id}`, new: '#/contacts/new', sync: '#/sync',
                review: '#/review', trash: '#/trash', settings: '#/settings',
            };
            for (const scheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme: scheme });
                for (const width of [1440, 1024, 390]) {
                    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
                    for (const [name, hash] of Object.entries(places)) {
                        if (scheme === 'dark' && width !== 1440) continue;
                        await app.open(hash);
                        const file = `${name}-${width}-${scheme}.png`;
                        await page.screenshot({ path: path.join(screenshots, file) });
                    }
                }
            }
        },
    },
];
