// Many contacts at once, and undo. By roles and names only.
import path from 'node:path';

import { App, check, checkAccessible, checkEqual, Eyes, startServer, until } from './support.mjs';

let last = 0;
/** So many contacts whose names share a word that nobody else has. */
async function createMany({ eyes }, count) {
    last += 1;
    const word = `Bulk${process.pid}x${last}`;
    const ids = [];
    for (let index = 0; index < count; index += 1) {
        const { body } = await eyes.app('POST', '/api/contacts', {
            name: `${word} ${String.fromCharCode(65 + index)}`,
            email: `${word}.${index}@bulk.example`,
        });
        ids.push(body.contact.id);
    }
    return { word, ids };
}

const totalOf = async (eyes, word, deleted = 'false') =>
    (await eyes.app('GET', `/api/contacts?q=${word}&deleted=${deleted}`)).body.total;

async function listOf({ app }, word) {
    await app.open();
    await app.search(word);
    await app.seen(app.role('link', `${word} A`), 'the rows');
}

export const bulkJourneys = [
    {
        name: 'rows are ticked with the mouse and Shift, deleted together, and come back with Undo (A10, A28)',
        async run(world) {
            const { app, eyes, page, screenshots } = world;
            const { word } = await createMany(world, 6);
            await listOf(world, word);
            await app.press('checkbox', `Select ${word} B`);
            await app.role('checkbox', `Select ${word} E`).click({ modifiers: ['Shift'] });
            await app.seen(page.getByText('4 selected', { exact: true }), 'the count');
            await page.screenshot({ path: path.join(screenshots, 'bulk-1440-light.png') });
            await checkAccessible(page, 'the list with ticked rows');
            await app.press('button', 'Delete selected');
            await app.seen(app.role('dialog', 'Delete 4 contacts?'), 'the question');
            await checkAccessible(page, 'the question before many are deleted');
            await app.press('button', 'Delete 4 contacts');
            await app.said('Moved 4 contacts to Trash');
            checkEqual(await totalOf(eyes, word), 2, 'contacts that are left');
            await app.press('button', 'Undo');
            await app.said('Took back the changes of 4 contacts');
            checkEqual(await totalOf(eyes, word), 6, 'contacts after Undo');
        },
    },
    {
        name: 'a change of 500 contacts beyond the loaded rows is one step for Ctrl+Z (A10, A29)',
        async run({ page }) {
            // A server of its own: the others need not wait until so many have arrived in the CRMs.
            const server = await startServer();
            const app = new App(page, server);
            const eyes = new Eyes(server);
            last += 1;
            const word = `Many${process.pid}x${last}`;
            const lines = Array.from({ length: 500 }, (_, index) => `${word} ${index},${word}.${index}@bulk.example`);
            const made = await fetch(`${server.url}/api/import?format=csv&dryRun=false`, {
                method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: `Name,Email\n${lines.join('\n')}\n`,
            });
            checkEqual((await made.json()).import.created, 500, 'contacts that were made');
            await app.open();
            await app.search(word);
            await until('the rows', async () =>
                await app.role('grid', 'Contacts').getAttribute('aria-rowcount') === '501');
            await page.evaluate(() => document.activeElement?.blur());
            await app.idle();
            await page.keyboard.press('Control+a');
            await app.press('button', 'Select all 500 matching');
            await app.seen(page.getByText('500 selected', { exact: true }), 'the count');
            await app.press('button', 'Add tag…');
            await app.role('textbox', 'Tags').fill('vip, berlin');
            await app.press('button', 'Add to selected');
            await app.said('Tagged 500 contacts');
            const tagged = async () => (await eyes.app('GET', `/api/contacts?q=${word}&limit=1000`)).body.contacts
                .filter(({ tags }) => tags.includes('vip') && tags.includes('berlin')).length;
            checkEqual(await tagged(), 500, 'contacts with the tags');
            await app.idle();
            await page.keyboard.press('Control+z');
            await app.said('Took back the changes of 500 contacts');
            checkEqual(await tagged(), 0, 'contacts with the tags after Ctrl+Z');
            await page.keyboard.press('Control+Shift+z');
            await until('the tags again', async () => await tagged() === 500);
            await page.goto('about:blank');
            checkEqual(await server.stop(), 0, 'the exit code of the server');
        },
    },
    {
        name: 'many are restored from the Trash together',
        async run(world) {
            const { app, eyes, page } = world;
            const { word, ids } = await createMany(world, 3);
            await eyes.app('POST', '/api/contacts/bulk', { action: 'delete', ids });
            await app.open('#/trash');
            for (const letter of ['A', 'C']) await app.press('checkbox', `Select ${word} ${letter}`);
            await page.screenshot({ path: path.join(world.screenshots, 'trash-bulk-1440-light.png') });
            await app.press('button', 'Restore selected');
            await app.said('Restored 2 contacts');
            checkEqual(await totalOf(eyes, word), 2, 'contacts that are back');
        },
    },
    {
        name: 'a saved edit goes back with Ctrl+Z, and forth with Ctrl+Shift+Z',
        async run(world) {
            const { app, eyes, page } = world;
            const { ids: [id] } = await createMany(world, 1);
            const company = async () => (await eyes.app('GET', `/api/contacts/${id}`)).body.contact.company;
            await app.open(`#/contacts/${id}`);
            await app.fill('Company', 'Acme');
            await app.press('button', 'Save');
            await until('the company to be saved', async () => await company() === 'Acme');
            await page.evaluate(() => document.activeElement?.blur());
            await app.idle();
            await page.keyboard.press('Control+z');
            await until('the old company', async () => await company() === '');
            await app.idle();
            check(await app.role('textbox', 'Company').inputValue() === '', 'the panel still shows it');
            await page.keyboard.press('Control+Shift+z');
            await until('the company again', async () => await company() === 'Acme');
        },
    },
];
