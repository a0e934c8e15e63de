// Files in and out, the timeline, and undo of runs. By roles and names only.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { check, checkAccessible, checkEqual, until } from './support.mjs';

let last = 0;
function freshWord(stem) {
    last += 1;
    return `${stem}${process.pid}x${last}`;
}

const totalOf = async (eyes, word) => (await eyes.app('GET', `/api/contacts?q=${word}`)).body.total;

export const fileJourneys = [
    {
        name: 'a file is looked at, its columns chosen, imported once, and undone (A33)',
        async run({ app, eyes, page, screenshots }) {
            const word = freshWord('Import');
            const file = {
                name: 'people.csv', mimeType: 'text/csv',
                buffer: Buffer.from(`Who,E-mail,Shoe\n${word} A,${word}.a@file.example,Welder\n` +
                    `${word} B,${word}.b@file.example,\n${word} C,not an address,\n`),
            };
            await app.open();
            await app.press('button', 'Import…');
            await page.getByLabel('Choose a file…').setInputFiles(file);
            await app.seen(page.getByText('3 rows: 2 new', { exact: false }), 'the counts');
            checkEqual(await totalOf(eyes, word), 0, 'contacts after the dry run');
            await page.getByLabel('Column 3: Shoe').selectOption('Job title');
            await app.idle();
            await page.getByLabel('Column 1: Who').selectOption('Name');
            await app.idle();
            await app.seen(page.getByText('Row 4', { exact: false }), 'the refused row');
            await checkAccessible(page, 'the import');
            await page.screenshot({ path: path.join(screenshots, 'import-1440-light.png') });
            await app.press('button', 'Import 2 contacts');
            await app.said('Imported 2 contacts');
            const { body } = await eyes.app('GET', `/api/contacts?q=${word}&sort=name`);
            checkEqual(body.contacts.map(({ name, jobTitle }) => [name, jobTitle]),
                [[`${word} A`, 'Welder'], [`${word} B`, '']], 'who was imported');

            await page.getByLabel('Choose a file…').setInputFiles(file);
            await app.seen(page.getByText('2 the same', { exact: false }), 'that they are there already');
            await app.open('#/import');
            await page.getByLabel('Choose a file…').setInputFiles({
                ...file, buffer: Buffer.from(`Name,Email\n${word} D,${word}.d@file.example\n`),
            });
            await app.press('button', 'Import 1 contact');
            await app.said('Imported 1 contact');
            await app.press('button', 'Undo this import');
            await app.seen(app.role('dialog', 'Undo these changes?'), 'the question');
            await checkAccessible(page, 'the question before an undo');
            await app.press('button', 'Undo them');
            await until('the import to be gone', async () => await totalOf(eyes, word) === 2);
        },
    },
    {
        name: 'the list as it is shown is exported in each form (A59)',
        async run({ app, eyes, page }) {
            const word = freshWord('Export');
            for (const letter of ['B', 'A']) {
                await eyes.app('POST', '/api/contacts', {
                    name: `${word} ${letter}`, email: `${word}.${letter}@file.example`,
                });
            }
            await app.open(`#/contacts?q=${word}`);
            for (const [form, ending] of [['CSV, for spreadsheets', 'csv'], ['vCard, for address books', 'vcf'],
                ['JSON, for programs', 'json']]) {
                await app.press('button', 'Export…');
                await app.seen(app.role('dialog', 'Export the list'), 'the question');
                if (ending === 'csv') await checkAccessible(page, 'the question before an export');
                await app.press('radio', form);
                const [download] = await Promise.all([
                    page.waitForEvent('download'), app.press('button', 'Save the file'),
                ]);
                checkEqual(download.suggestedFilename(), `contacts.${ending}`, 'the name of the file');
                const text = await readFile(await download.path(), 'utf8');
                const places = ['A', 'B'].map((letter) => text.indexOf(`${word} ${letter}`));
                check(places[0] > 0 && places[1] > places[0], `the order in ${ending}: ${places}`);
                if (ending === 'csv') checkEqual(text.trim().split('\n').length, 3, 'lines');
            }
        },
    },
    {
        name: 'the timeline is filtered by field, and one change is reverted',
        async run({ app, eyes, page, screenshots }) {
            const word = freshWord('Timeline');
            const { body: { contact } } = await eyes.app('POST', '/api/contacts', {
                name: word, email: `${word}@file.example`, company: 'First',
            });
            await eyes.app('PATCH', `/api/contacts/${contact.id}`, { company: 'Second' });
            await eyes.app('PATCH', `/api/contacts/${contact.id}`, { jobTitle: 'Welder' });
            await app.open(`#/contacts/${contact.id}?tab=timeline`);
            await app.seen(app.role('button', /^Revert Company/), 'the change of the company');
            await page.screenshot({ path: path.join(screenshots, 'timeline-1440-light.png') });
            await checkAccessible(page, 'the timeline');
            await page.getByLabel('Field', { exact: true }).selectOption('Job title');
            await app.gone(app.role('button', /^Revert Company/), 'the change of the company');
            await page.getByLabel('Field', { exact: true }).selectOption('All fields');
            await app.press('button', /^Revert Company/);
            await app.press('button', 'Undo them');
            const now = async () => (await eyes.app('GET', `/api/contacts/${contact.id}`)).body.contact;
            await until('the first company', async () => (await now()).company === 'First');
            checkEqual((await now()).jobTitle, 'Welder', 'what was changed since');
        },
    },
    {
        name: 'g and a letter go to a screen, and a letter typed in a field does not (A15)',
        async run({ app, page }) {
            await app.open();
            await page.evaluate(() => document.activeElement?.blur());
            for (const [key, hash] of [['s', '#/sync'], ['r', '#/review'], ['t', '#/trash'], [',', '#/settings'],
                ['c', '#/contacts']]) {
                await page.keyboard.press('g');
                await app.idle();
                await page.keyboard.press(key);
                await until(`${hash}`, async () => new URL(page.url()).hash === hash);
                await app.idle();
            }
            await app.role('searchbox', 'Search contacts').focus();
            await page.keyboard.type('gs');
            await app.idle();
            check(new URL(page.url()).hash.startsWith('#/contacts'), `the address is ${page.url()}`);
        },
    },
    {
        name: 'what a run changed here is undone from its page',
        async run({ app, eyes, page }) {
            const word = freshWord('Runs');
            const { body: { contact } } = await eyes.app('POST', '/api/contacts', {
                name: word, email: `${word}@file.example`,
            });
            await app.open();
            await app.syncNow(eyes);
            const there = await eyes.everywhere(contact.email);
            await eyes.write('PATCH', `/hubspot/crm/v3/objects/contacts/${there.hubspot[0].id}`,
                { properties: { jobtitle: 'Changed over there' } });
            const title = async () => (await eyes.app('GET', `/api/contacts/${contact.id}`)).body.contact.jobTitle;
            const run = await until('the change to arrive', async () => {
                const ended = await eyes.sync();
                return await title() === 'Changed over there' ? ended : null;
            }, 60000);
            await app.open(`#/sync/runs/${run.id}`);
            await app.press('button', 'Undo what this run changed here');
            await app.seen(app.role('dialog', 'Undo these changes?'), 'what it would do');
            await app.press('button', 'Undo them');
            await until('the old job title', async () => await title() === '');
            check(await page.getByRole('dialog').count() === 0, 'the question is still open');
        },
    },
];
