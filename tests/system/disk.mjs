// What an operator lives with: numbers for monitoring, backups by the clock, and disks that are full, read-only
// or damaged. The full disk is a small tmpfs, which only root can mount; without it those checks say so.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';

import { check, checkEqual, until } from '../browser/support.mjs';
import { binary, makeFolder, ServerProcess } from './world.mjs';

export const name = 'disk';

const quiet = ['--sync-interval', '0'];

function command(data, ...words) {
    const env = { PATH: process.env.PATH, INTEGRATION_APP_WORKSPACE_KEY: 'k', INTEGRATION_APP_WORKSPACE_SECRET: 'hidden' };
    const done = spawnSync(binary, [...words, '--data', data], { env, encoding: 'utf8' });
    return { code: done.status, text: done.stdout + done.stderr };
}

async function ask(server, target, body) {
    const response = await fetch(server.url + target, body && {
        method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
    });
    const text = await response.text();
    return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : null };
}

async function emails(server) {
    const { contacts } = (await ask(server, '/api/contacts?limit=1000')).body;
    return contacts.map(({ email }) => email).sort();
}

/** A contact of some kilobytes; its e-mail when it was acknowledged. */
async function create(server, number) {
    const email = `disk${number}@system.example`;
    const answer = await ask(server, '/api/contacts', { name: 'Full', email, notes: 'x'.repeat(8000) });
    return { ...answer, email: answer.status === 201 ? email : null };
}

async function checkNumbers(data) {
    const server = await new ServerProcess(data, ['--sandbox', '--backup-hours', '1', ...quiet], {}).start();
    await ask(server, '/api/contacts', { name: 'Ada', email: 'ada@system.example' });
    await ask(server, '/api/sync?wait=true', {});
    // Whoever waited for the run hears of its end a moment before it is counted.
    const page = await until('the end of the run', async () => {
        const { text } = await ask(server, '/metrics');
        return /^contacts_sync_runs_total\{state="done"\} [1-9]/m.test(text) && text;
    });
    for (const line of [/^contacts_http_requests_total\{route="\/api\/contacts",method="POST",status="201"\} 1$/m,
        /^contacts_sync_calls_total\{system="hubspot"\} [1-9]/m,
        /^contacts_sync_runs_open\{state="running"\} 0$/m, /^contacts_contacts\{state="live"\} [1-9]/m,
        /^contacts_database_bytes [1-9]/m, /^contacts_build_info\{version="[\d.]+"\} 1$/m]) {
        check(line.test(page), `${line} is not in ${page}`);
    }
    check(!/ada|system\.example/i.test(page), 'the numbers tell of a person');
    checkEqual((await ask(server, '/api/ready')).body.status, 'ready', '/api/ready');
    const backups = path.join(data, 'backups');
    await until('a backup', () => {
        try { return readdirSync(backups).some((file) => /^contacts-\d{8}T\d{6}Z\.db$/.test(file)); } catch { return false; }
    });
    const run = server.output.match(/ info run run_id=(\S+) state=done trigger=person ms=\d+/);
    check(run, `no line for the run in ${server.output}`);
    await server.stop();
    const copy = readdirSync(backups)[0];
    const restored = command(data, 'restore', path.join(backups, copy));
    checkEqual(restored.code, 0, `the restore of ${copy}: ${restored.text}`);
}

function checkSettings(data) {
    const { code, text } = command(data, 'settings', '--port', '1234');
    checkEqual(code, 0, text);
    check(/^CONTACTS_PORT=1234$/m.test(text) && /^INTEGRATION_APP_WORKSPACE_SECRET=\(set\)$/m.test(text), text);
    check(!text.includes('hidden'), 'the secret was printed');
}

class SmallDisk {
    folder = makeFolder();

    mount() {
        const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=700', 'tmpfs', this.folder]);
        this.isMounted = done.status === 0;
        process.prependListener('exit', () => this.unmount());  // before the folders are removed
        return this.isMounted;
    }

    remount(how) {
        checkEqual(spawnSync('mount', ['-o', `remount,${how}`, this.folder]).status, 0, `remount ${how}`);
    }

    unmount() {
        if (this.isMounted) spawnSync('umount', ['-l', this.folder]);
        this.isMounted = false;
    }

    /** Leaves this many bytes. */
    fill(left) {
        const { bavail, bsize } = statfsSync(this.folder);
        writeFileSync(path.join(this.folder, 'ballast'), Buffer.alloc(bavail * bsize - left));
    }

    empty() {
        rmSync(path.join(this.folder, 'ballast'));
    }
}

async function checkFull(disk) {
    const server = await new ServerProcess(disk.folder, ['--backup-hours', '0', ...quiet], {}).start();
    checkEqual((await ask(server, '/api/ready')).status, 200, 'ready with room');
    const kept = [(await create(server, 0)).email];
    disk.fill(1024 * 1024);
    const notReady = await ask(server, '/api/ready');
    checkEqual([notReady.status, notReady.body.checks.database], [503, 'ok'], 'ready without room');
    check(/full/.test(notReady.body.checks.disk), notReady.text);
    let refused = null;
    for (let number = 1; number < 500 && !refused; number += 1) {
        const answer = await create(server, number);
        if (answer.email) kept.push(answer.email); else refused = answer;
    }
    check(refused, 'the disk never became full');
    checkEqual(refused.status, 503, refused.text);
    check(/The disk is full, so nothing was saved; make room/.test(refused.body.error.message), refused.text);
    check(kept.length > 3, `only ${kept.length} fitted`);
    checkEqual(await emails(server), [...kept].sort(), 'what is there while the disk is full');
    checkEqual((await ask(server, '/api/health')).status, 200, 'it lives');
    disk.empty();
    const more = await create(server, 1000);
    checkEqual(more.status, 201, `after there is room: ${more.text}`);
    kept.push(more.email);
    disk.fill(100 * 1024);
    await server.kill();
    disk.empty();
    checkEqual(command(disk.folder, 'check').code, 0, 'the check');
    const again = await new ServerProcess(disk.folder, ['--backup-hours', '0', ...quiet], {}).start();
    checkEqual(await emails(again), [...kept].sort(), 'what is there after a kill on a full disk');
    await again.stop();
    return kept;
}

async function checkReadOnly(disk, kept) {
    disk.remount('ro');
    const refused = command(disk.folder, 'serve', '--auth', 'dev', '--port', '0');
    checkEqual(refused.code, 1, refused.text);
    check(/^contacts-server: [^\n]*(read|written|write)[^\n]*\n$/i.test(refused.text), `not one clear line: ${refused.text}`);
    disk.remount('rw');
    const server = await new ServerProcess(disk.folder, ['--backup-hours', '0', ...quiet], {}).start();
    checkEqual(await emails(server), [...kept].sort(), 'what is there after');
    await server.stop();
}

async function checkDamaged(folder) {
    const server = await new ServerProcess(folder, ['--backup-hours', '0', ...quiet], {}).start();
    for (let number = 0; number < 30; number += 1) checkEqual((await create(server, number)).status, 201, 'a contact');
    const kept = await emails(server);
    const copy = path.join(makeFolder(), 'copy.db');
    checkEqual(command(folder, 'backup', copy).code, 0, 'the backup');
    await server.stop();
    const file = path.join(folder, 'contacts.db');
    const size = readFileSync(file).length;
    const handle = openSync(file, 'r+');
    for (let page = 4; page < size / 4096; page += 3) writeSync(handle, Buffer.alloc(2048, 0xa5), 0, 2048, page * 4096);
    closeSync(handle);
    const damaged = readFileSync(file);
    const refused = command(folder, 'serve', '--auth', 'dev', '--port', '0');
    checkEqual(refused.code, 1, refused.text);
    check(/^contacts-server: [^\n]*damaged[^\n]*\n$/i.test(refused.text), `not one clear line: ${refused.text}`);
    check(readFileSync(file).equals(damaged), 'the damaged file was changed');
    checkEqual(command(folder, 'restore', copy).code, 0, 'the restore');
    const again = await new ServerProcess(folder, ['--backup-hours', '0', ...quiet], {}).start();
    checkEqual(await emails(again), kept, 'what is there after the restore');
    await again.stop();
}

export async function run(report) {
    const data = makeFolder();
    await report.check('numbers for monitoring, a backup by the clock, and a line for the run', () => checkNumbers(data));
    await report.check('the settings are printed without secrets', () => checkSettings(data));
    await report.check('a damaged page is told, left alone, and a backup helps', () => checkDamaged(makeFolder()));
    const disk = new SmallDisk();
    if (!disk.mount()) return report.note('NOT RUN: a full and a read-only disk, because this user cannot mount a tmpfs');
    let kept = [];
    await report.check('a full disk refuses clearly, loses nothing, and goes on with room', async () => { kept = await checkFull(disk); });
    await report.check('a read-only disk is told before anything is done', () => checkReadOnly(disk, kept));
    disk.unmount();
    return undefined;
}
