// A server that people sign in to, from its first start: the set-up link, the first admin, the API with a session
// and with a token, other users and their rights, the command line beside it, a restart, signing out.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { check, checkEqual } from '../browser/support.mjs';
import { binary, makeFolder, ServerProcess } from './world.mjs';

const password = 'correct horse battery';
const editorsPassword = 'another horse battery';

/** What a browser without scripts does: forms, one cookie, no redirect followed by itself. */
class Browser {
    cookie = '';

    constructor(server) {
        this.server = server;
    }

    async send(target, options = {}) {
        const response = await fetch(this.server.url + target, {
            redirect: 'manual', ...options, headers: { ...options.headers, Cookie: this.cookie },
        });
        const set = response.headers.get('set-cookie');
        if (set) this.cookie = set.split(';')[0];
        return response;
    }

    submit(target, fields) {
        return this.send(target, { method: 'POST', body: new URLSearchParams(fields) });
    }

    async api(method, target, body) {
        const response = await this.send(target, {
            method,
            headers: body ? { 'Content-Type': 'application/json' } : {},
            body: body ? JSON.stringify(body) : undefined,
        });
        const text = await response.text();
        return { status: response.status, body: text ? JSON.parse(text) : null };
    }

    async signIn(email, secret) {
        const response = await this.submit('/login', { email, password: secret, next: '/#/contacts' });
        checkEqual([response.status, response.headers.get('location')], [303, '/#/contacts'], `${email} signs in`);
        return this;
    }
}

async function statusWith(server, token, method = 'GET', target = '/api/self') {
    const response = await fetch(server.url + target, { method, headers: { Authorization: `Bearer ${token}` } });
    await response.text();
    return response.status;
}

/** The command line, beside whatever server runs; what it printed. */
async function command(data, words, input = '') {
    const child = spawn(binary, [...words, '--data', data], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (part) => { output += part; });
    child.stderr.on('data', (part) => { output += part; });
    child.stdin.end(input);
    const code = await new Promise((resolve) => { child.on('close', resolve); });
    checkEqual(code, 0, `${words.join(' ')} said ${output}`);
    return output;
}

async function setUp(app, secrets) {
    const link = app.output.match(/set-up link: (http\S+)\n/)?.[1];
    check(link?.startsWith(`${app.url}/setup?token=`), `no set-up link in ${app.output}`);
    const token = new URL(link).searchParams.get('token');
    secrets.push(token);
    const ada = new Browser(app);
    const page = await (await ada.send(`/setup?token=${token}`)).text();
    check(page.includes('<label for="password">') && !page.includes('<script'), `the page is ${page}`);
    const fields = { token, email: 'ada@example.com', name: 'Ada', password };
    checkEqual((await ada.submit('/setup', { ...fields, password: 'short' })).status, 422, 'a short password');
    checkEqual((await ada.submit('/setup', fields)).status, 303, 'the first admin');
    checkEqual((await new Browser(app).submit('/setup', fields)).status, 403, 'the link for the second time');
    secrets.push(ada.cookie.split('=')[1]);
    checkEqual((await ada.api('GET', '/api/self')).body,
        { customerId: 'dev', customerName: 'dev', user: 'Ada', role: 'admin' }, 'who she is');
    return ada;
}

async function checkRoles(app, ada) {
    const made = await ada.api('POST', '/api/users',
        { email: 'eve@example.com', role: 'editor', password: editorsPassword });
    checkEqual(made.status, 201, 'a new user');
    const eve = await new Browser(app).signIn('eve@example.com', editorsPassword);
    const contact = { name: 'Grace Hopper', email: 'grace@people.example' };
    checkEqual((await eve.api('POST', '/api/contacts', contact)).status, 201, 'an editor creates');
    checkEqual((await eve.api('POST', '/api/sync?wait=true')).body.run.state, 'done', 'an editor syncs');
    checkEqual((await eve.api('GET', '/api/users')).status, 403, 'an editor does not manage');
    const { id } = made.body.user;
    checkEqual((await ada.api('PATCH', `/api/users/${id}`, { role: 'viewer' })).status, 200, 'a new role');
    checkEqual((await eve.api('POST', '/api/contacts', contact)).status, 403, 'a viewer does not create');
    checkEqual((await eve.api('GET', '/api/contacts?q=grace')).body.total, 1, 'a viewer reads');
    checkEqual((await ada.api('PATCH', `/api/users/${id}`, { disabled: true })).status, 200, 'disabling');
    checkEqual((await eve.api('GET', '/api/contacts')).status, 401, 'who is disabled is out at once');
}

async function makeToken(app, ada, secrets) {
    const made = await ada.api('POST', '/api/tokens', { name: 'reports', scope: 'read' });
    checkEqual(made.status, 201, 'a token');
    const { secret, token } = made.body;
    secrets.push(secret);
    checkEqual(await statusWith(app, secret), 200, 'with the token');
    checkEqual(await statusWith(app, secret, 'POST', '/api/sync'), 403, 'a reading token does not sync');
    return { secret, id: token.id };
}

export const name = 'people';

export async function run(report) {
    const data = makeFolder();
    const flags = ['--auth', 'login', '--sandbox', '--sync-interval', '0'];
    const secrets = [password, editorsPassword];
    let app = await new ServerProcess(data, flags, {}).start();
    let ada;
    let token;
    await report.check('without signing in there is nothing, and the link makes the first admin once', async () => {
        checkEqual((await new Browser(app).api('GET', '/api/contacts')).status, 401, 'a stranger');
        ada = await setUp(app, secrets);
    });
    await report.check('an admin adds people, and each may do what the role says', () => checkRoles(app, ada));
    await report.check('a token works within its scope', async () => { token = await makeToken(app, ada, secrets); });
    await report.check('sessions and tokens outlive a restart, and no second link is printed', async () => {
        await app.stop();
        let output = app.output;
        app = await new ServerProcess(data, flags, {}).start();
        ada.server = app;
        checkEqual((await ada.api('GET', '/api/self')).status, 200, 'the session');
        checkEqual(await statusWith(app, token.secret), 200, 'the token');
        check(!app.output.includes('set-up link'), `it printed ${app.output}`);
        output = output.replace(/set-up link: \S+/, '') + app.output;
        for (const secret of secrets) check(!output.includes(secret), `a secret was logged: ${output}`);
    });
    await report.check('the command line works beside the server and takes effect at once', async () => {
        await command(data, ['user', 'passwd', 'ada@example.com'], 'a third horse battery\n');
        checkEqual((await ada.api('GET', '/api/self')).status, 401, 'the old session');
        checkEqual((await ada.submit('/login', { email: 'ada@example.com', password })).status, 401, 'the old password');
        await ada.signIn('ada@example.com', 'a third horse battery');
        await command(data, ['token', 'revoke', token.id]);
        checkEqual(await statusWith(app, token.secret), 401, 'the revoked token');
        check((await command(data, ['user', 'list'])).includes('eve@example.com\tviewer\tdisabled'), 'the list');
    });
    await report.check('signing out ends it, and the audit log knows all of it', async () => {
        const kinds = (await ada.api('GET', '/api/audit')).body.events.map(({ kind }) => kind);
        for (const kind of ['set_up', 'signed_in', 'user_added', 'user_changed', 'token_created',
            'token_revoked', 'password_changed', 'sign_in_failed']) {
            check(kinds.includes(kind), `${kind} is not among ${kinds}`);
        }
        const old = ada.cookie;
        checkEqual((await ada.submit('/logout', {})).status, 303, 'signing out');
        ada.cookie = old;
        checkEqual((await ada.api('GET', '/api/self')).status, 401, 'the cookie of before');
    });
    await app.stop();
    await report.check('no secret is in the database file', async () => {
        const bytes = readFileSync(path.join(data, 'contacts.db')).toString('latin1');
        check(bytes.includes('ada@example.com'), 'the file is another one');
        for (const secret of secrets) check(!bytes.includes(secret), 'a secret is in the file');
    });
}
