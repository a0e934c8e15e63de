// Runs the browser journeys against a server of their own: a line per journey, then "N passed, N failed".
//
//   node tests/browser/run.mjs [part of a journey's name]
//
// CONTACTS_SERVER names another server binary; CHROMIUM another browser.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { bulkJourneys } from './bulk_journeys.mjs';
import { fileJourneys } from './file_journeys.mjs';
import { journeys } from './journey.mjs';
import { loginJourneys } from './login_journeys.mjs';
import { practiceJourneys } from './practice_journeys.mjs';
import { reviewJourneys } from './review_journeys.mjs';
import { App, Eyes, root, startServer } from './support.mjs';

const journeyLimitMs = 120000;
const browserFlags = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
];

function withLimit(promise, limitMs) {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs);
    });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function runOne(browser, server, journey, screenshots) {
    const context = await browser.newContext({
        viewport: { width: 1440, height: 900 }, ...(journey.context ?? {}),
    });
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.setDefaultTimeout(20000);
    try {
        const world = { app: new App(page, server), eyes: new Eyes(server), page, context, server, screenshots };
        await withLimit(journey.run(world), journeyLimitMs);
        if (errors.length > 0) throw new Error(`errors on the page: ${errors.join('; ')}`);
        return null;
    } catch (error) {
        await page.screenshot({ path: path.join(screenshots, 'failed.png') }).catch(() => {});
        return error;
    } finally {
        await context.close();
    }
}

const wanted = process.argv[2] ?? '';
const screenshots = path.join(root, 'build/screenshots');
await mkdir(screenshots, { recursive: true });
const server = await startServer();
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: browserFlags,
});
let passed = 0;
let failed = 0;
const all = [...journeys, ...bulkJourneys, ...fileJourneys, ...loginJourneys, ...reviewJourneys, ...practiceJourneys];
for (const journey of all.filter(({ name }) => name.includes(wanted))) {
    const begin = Date.now();
    const error = await runOne(browser, server, journey, screenshots);
    const seconds = ((Date.now() - begin) / 1000).toFixed(1);
    if (error) {
        failed += 1;
        console.log(`FAILED ${journey.name} (${seconds} s)\n    ${error.message.split('\n').join('\n    ')}`);
    } else {
        passed += 1;
        console.log(`ok     ${journey.name} (${seconds} s)`);
    }
}
await browser.close();
const code = await server.stop();
if (code !== 0) {
    failed += 1;
    console.log(`FAILED the server ended with ${code}\n${server.output().slice(-2000)}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
