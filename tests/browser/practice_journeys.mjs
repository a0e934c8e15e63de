// The practice pages as people use them: accessible, wide and narrow, without scripts; and the story of a person
// who breaks things there and watches the app cope.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { check, checkEqual, root, until } from './support.mjs';

const axeSource = await readFile(path.join(root, 'tests/node_modules/axe-core/axe.min.js'), 'utf8');
const systems = ['hubspot', 'pipedrive', 'practice'];
const hostileName = '<img src=x onerror=alert(1)>';

async function checkAxe(page, where) {
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => (await window.axe.run(document)).violations
        .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)) })));
    checkEqual(violations, [], `accessibility problems on ${where}`);
}

/** Nothing to scroll sideways for, and a ring around what has the focus. */
async function checkLayout(page, where) {
    const { wide, seen } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth, seen: window.innerWidth,
    }));
    check(wide <= seen, `${where} is ${wide} px wide on ${seen} px`);
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    check(outline !== 'none', `the focus cannot be seen on ${where}`);
}

async function createThere(page, server, system, name) {
    await page.goto(`${server.sandbox}/${system}/app/new`);
    const label = { hubspot: 'First name', pipedrive: 'Name', practice: 'Given name' }[system];
    await page.getByLabel(label, { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').first().waitFor();
    return new URL(page.url()).pathname;
}

/** Whatever happened, the next journey meets no fault of this one. */
async function visitAll(world, system) {
    try {
        await visitEveryPage(world, system);
    } finally {
        await world.page.goto(`${world.server.sandbox}/${system}/app/faults`);
        const end = world.page.getByRole('button', { name: 'End all faults' });
        if (await end.count() > 0) await end.click();
    }
}

async function visitEveryPage({ page, server, screenshots }, system) {
    const made = await createThere(page, server, system, hostileName);
    const deleted = await createThere(page, server, system, 'Gone');
    await page.getByRole('button', { name: 'Delete contact' }).click();
    await page.goto(`${server.sandbox}/${system}/app/faults`);
    await page.getByRole('button', { name: 'Go read-only for a minute' }).click();
    await page.getByRole('button', { name: 'Lose the next answer' }).click();
    const app = `/${system}/app`;
    const places = {
        list: app, search: `${app}?q=a`, nothing: `${app}?q=nobody-has-this`, bin: `${app}?deleted=1`,
        new: `${app}/new`, contact: made, deleted, faults: `${app}/faults`,
    };
    for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
        for (const [name, place] of Object.entries(places)) {
            const where = `${place} at ${width} px`;
            await page.goto(server.sandbox + place);
            check(await page.getByText('Sandbox').first().isVisible(), `${where} does not say "Sandbox"`);
            await checkAxe(page, where);
            await checkLayout(page, where);
            await page.screenshot({ path: path.join(screenshots, `practice-${system}-${name}-${width}.png`) });
        }
    }
    await page.goto(server.sandbox + made);
    await page.getByRole('button', { name: 'Delete contact' }).click();
}

/** For the documents: CONTACTS_PICTURES names a folder. */
function pictureFolder({ screenshots }) {
    return process.env.CONTACTS_PICTURES ?? screenshots;
}

async function breakThings(world, practice) {
    const { server, eyes } = world;
    await until('nothing to be pending', async () => (await eyes.sync()).pending === 0, 60000);
    const email = `lost.answer.${process.pid}@journey.example`;
    await practice.goto(`${server.sandbox}/hubspot/app/faults`);
    await practice.getByRole('button', { name: 'Go read-only for a minute' }).click();
    await practice.goto(`${server.sandbox}/pipedrive/app/faults`);
    await practice.getByRole('button', { name: 'Lose the next answer' }).click();
    await practice.screenshot({ path: path.join(pictureFolder(world), 'practice-switched-on.png') });
    const made = await eyes.app('POST', '/api/contacts', { name: 'Lost Answer', email, jobTitle: 'Acrobat' });
    checkEqual(made.status, 201, 'creating a contact while both CRMs misbehave');
    return { email, id: made.body.contact.id };
}

async function watchItCope(world, practice, { email, id }) {
    const { app, eyes, page, server } = world;
    await app.open();
    await app.syncNow(eyes);
    const during = await eyes.everywhere(email);
    checkEqual([during.hubspot.length, during.pipedrive.length], [0, 1], 'records while HubSpot is read-only');
    await practice.goto(`${server.sandbox}/pipedrive/app/faults`);
    check(await practice.getByRole('cell', { name: 'lost_answer' }).count() >= 1, 'the log lacks the lost answer');
    const { systems: states } = (await eyes.app('GET', '/api/sync')).body;
    checkEqual(states.find(({ key }) => key === 'hubspot').state, 'reconnect', 'what the app says of HubSpot');
    await app.open(`#/contacts/${id}`);
    await page.screenshot({ path: path.join(pictureFolder(world), 'practice-app-copes.png') });
}

async function endIt(world, practice, { email }) {
    const { eyes, server } = world;
    await practice.goto(`${server.sandbox}/hubspot/app`);
    await practice.getByRole('button', { name: 'End all faults' }).click();
    await until('one record in each CRM', async () => {
        await eyes.sync();
        const there = await eyes.everywhere(email);
        check(there.hubspot.length <= 1 && there.pipedrive.length <= 1, 'somebody is there twice');
        return there.hubspot.length === 1 && there.pipedrive.length === 1;
    }, 60000);
    await practice.goto(`${server.sandbox}/pipedrive/app?q=${encodeURIComponent(email)}`);
    await practice.screenshot({ path: path.join(pictureFolder(world), 'practice-one-record.png') });
}

export const practiceJourneys = [
    ...systems.map((system) => ({
        name: `the practice pages of ${system} are accessible, wide and narrow`,
        run: (world) => visitAll(world, system),
    })),
    {
        name: 'the page that connects a system is accessible',
        async run({ page, eyes, server }) {
            const { body } = await eyes.app('POST', '/api/connections/hubspot/connect');
            await page.goto(body.url);
            await checkAxe(page, 'the page that connects HubSpot');
            await page.getByRole('button', { name: 'Allow' }).click();
            await page.getByRole('status').waitFor();
            await checkAxe(page, 'the page after connecting');
            await page.goto(server.sandbox);
            await checkAxe(page, 'the front page of the sandbox');
        },
    },
    {
        name: 'a person breaks things on the practice pages, without scripts, and the app copes',
        async run(world) {
            const context = await world.page.context().browser().newContext({
                javaScriptEnabled: false, viewport: { width: 1100, height: 700 },
            });
            try {
                const practice = await context.newPage();
                const person = await breakThings(world, practice);
                await watchItCope(world, practice, person);
                await endIt(world, practice, person);
            } finally {
                await context.close();
            }
        },
    },
];
