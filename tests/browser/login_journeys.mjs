// Signing in as people do it: the set-up link, a wrong password, the account, signing out; without scripts, in
// light and dark, wide and narrow.
import path from 'node:path';

import { check, checkAccessible, checkEqual, startServer } from './support.mjs';

const email = 'ada@example.com';
const password = 'correct horse battery';

async function withLoginServer(run) {
    const server = await startServer({ flags: ['--auth', 'login'] });
    try {
        await run(server, server.output().match(/set-up link: (http\S+)\n/)[1]);
    } finally {
        await server.stop();
    }
}

async function checkPage(page, where, screenshots) {
    await checkAccessible(page, where);
    const { wide, seen } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth, seen: window.innerWidth,
    }));
    check(wide <= seen, `${where} is ${wide} px wide on ${seen} px`);
    await page.screenshot({ path: path.join(screenshots, `login-${where}.png`) });
}

async function signIn(page, secret) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
}

async function makeAdmin(page, link) {
    await page.goto(link);
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the admin' }).click();
}

export const loginJourneys = [
    {
        name: 'without scripts the set-up link makes an admin, who signs out, mistypes and signs in again',
        context: { javaScriptEnabled: false },
        async run({ page }) {
            await withLoginServer(async (server, link) => {
                await makeAdmin(page, link);
                checkEqual(new URL(page.url()).pathname, '/', 'the page after it');
                await page.goto(link);
                await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
                await page.goto(`${server.url}/account`);
                await page.getByText('Signed in as ada@example.com, admin.').waitFor();
                await page.getByRole('button', { name: 'Sign out', exact: true }).click();
                await page.goto(`${server.url}/account`);
                await signIn(page, 'a wrong password');
                checkEqual(await page.getByRole('alert').innerText(), 'The e-mail or the password is wrong.',
                    'what is said');
                checkEqual(await page.getByLabel('Email').inputValue(), email, 'the e-mail that was typed');
                checkEqual(await page.getByLabel('Password').inputValue(), '', 'the password that was typed');
                check(await page.locator('#password[autofocus]').count() === 1, 'the password has the focus');
                await signIn(page, password);
                checkEqual(new URL(page.url()).pathname, '/account', 'where she wanted to go');
                await page.getByRole('button', { name: 'Sign out everywhere' }).click();
                await page.getByRole('heading', { name: 'Sign in' }).waitFor();
            });
        },
    },
    ...['light', 'dark'].map((colorScheme) => ({
        name: `the pages of signing in are accessible and fit a narrow screen, ${colorScheme}`,
        context: { colorScheme, viewport: { width: 320, height: 700 } },
        async run({ page, screenshots }) {
            await withLoginServer(async (server, link) => {
                await page.goto(link);
                await checkPage(page, `setup-${colorScheme}`, screenshots);
                await page.getByLabel('Email').fill('ada@example.com');
                await page.getByLabel('Password').fill('short');
                await page.getByRole('button', { name: 'Create the admin' }).click();
                await page.getByRole('alert').waitFor();
                await checkPage(page, `setup-refused-${colorScheme}`, screenshots);
                await page.goto(`${server.url}/login`);
                await checkPage(page, `login-${colorScheme}`, screenshots);
                await signIn(page, 'a wrong password');
                await checkPage(page, `wrong-${colorScheme}`, screenshots);
                await makeAdmin(page, link);
                await page.goto(`${server.url}/account`);
                await checkPage(page, `account-${colorScheme}`, screenshots);
            });
        },
    })),
];
