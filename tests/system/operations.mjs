// The commands of an operator, run on the built server: import, export, backup, restore, check, purge, with
// their exit codes; and the same import and export over HTTP.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { check, checkEqual } from '../browser/support.mjs';
import { binary, makeFolder, ServerProcess } from './world.mjs';

export const name = 'operations';

const people = 'Name;E-Mail;Telefon;Firma\n'
    + 'Ada Lovelace;ada@system.example;+44 20 7946 0991;Engines\n'
    + 'Jörg Müller;joerg@system.example;\'+48 600 100 200;"Müller; Söhne"\n'
    + 'Nobody;not an address;;\n';

class Machine {
    folder = makeFolder();
    data = path.join(this.folder, 'data');

    file(name) {
        return path.join(this.folder, name);
    }

    /** One command with its exit code, output and complaints. */
    run(...words) {
        const env = { PATH: process.env.PATH };
        const done = spawnSync(binary, [...words, '--data', this.data], { env, encoding: 'utf8' });
        return { code: done.status, out: done.stdout, err: done.stderr };
    }

    expect(code, ...words) {
        const done = this.run(...words);
        checkEqual(done.code, code, `the exit code of ${words.join(' ')} (${done.out}${done.err})`);
        return done;
    }

    server() {
        return new ServerProcess(this.data, ['--sync-interval', '0'], {}).start();
    }
}

async function checkWrongWords(machine) {
    const wrong = [['export', '--shoe'], ['import'], ['import', 'a', 'b'], ['purge'], ['restore'],
        ['purge', '--older-than', 'soon'], ['export', '--format', 'xlsx'], ['import', 'x', '--key', 'shoe'],
        ['export', '--sort', 'shoe']];
    for (const words of wrong) {
        const done = machine.expect(2, ...words);
        check(/^contacts-server: [^\n]+\n$/.test(done.err), `not one line: ${done.err}`);
        checkEqual(done.out, '', 'standard output');
    }
    for (const words of [['check'], ['export'], ['import', '/nowhere.csv'], ['restore', '/nowhere.db'],
        ['backup', machine.file('b.db')], ['purge', '--older-than', '1']]) {
        const done = machine.expect(1, ...words);
        check(/^contacts-server: [^\n]+\n$/.test(done.err), `not one line: ${done.err}`);
    }
}

async function checkImport(machine) {
    writeFileSync(machine.file('people.csv'), people);
    const dry = machine.expect(0, 'import', machine.file('people.csv'), '--dry-run');
    check(/it would be: 2 created, 0 updated, 0 unchanged, 1 refused/.test(dry.out), dry.out);
    const done = machine.expect(0, 'import', machine.file('people.csv'), '--problems', machine.file('bad.csv'));
    check(/^2 created, 0 updated, 0 unchanged, 1 refused$/m.test(done.out), done.out);
    check(/row 4: /.test(done.err), done.err);
    check(/^Nobody,not an address,,,/m.test(readFileSync(machine.file('bad.csv'), 'utf8')), 'refused rows');
    const again = machine.expect(0, 'import', machine.file('people.csv'));
    check(/^0 created, 0 updated, 2 unchanged, 1 refused$/m.test(again.out), again.out);
}

async function checkExport(machine) {
    const csv = machine.expect(0, 'export').out;
    const lines = csv.split('\r\n');
    checkEqual(lines.length, 4, 'lines of the export');
    check(lines[2].includes("'+48 600 100 200") && lines[2].includes('"Müller; Söhne"'), lines[2]);
    machine.expect(0, 'export', '--format', 'vcf', '--out', machine.file('people.vcf'));
    machine.expect(1, 'export', '--format', 'vcf', '--out', machine.file('people.vcf'));
    const cards = machine.expect(0, 'import', machine.file('people.vcf')).out;
    check(/^0 created, 0 updated, 2 unchanged, 0 refused$/m.test(cards), cards);
    const json = JSON.parse(machine.expect(0, 'export', '--format', 'json', '--sort', '-name').out);
    checkEqual(json.contacts.map(({ email }) => email), ['joerg@system.example', 'ada@system.example'], 'e-mails');
    checkEqual(readdirSync(machine.data).filter((file) => file.startsWith('export-')), [], 'left copies');
}

async function checkBesideServer(machine) {
    const server = await machine.server();
    const refused = machine.expect(1, 'import', machine.file('people.csv'));
    check(/has this database open/.test(refused.err), refused.err);
    for (const words of [['restore', machine.file('b1.db')], ['purge', '--older-than', '0']]) {
        machine.expect(1, 'backup', path.join(machine.folder, 'no', 'folder.db'));
        machine.expect(1, ...words);
    }
    machine.expect(0, 'check');
    machine.expect(0, 'backup', machine.file('b1.db'));
    machine.expect(1, 'backup', machine.file('b1.db'));
    const csv = machine.expect(0, 'export').out;
    const live = await (await fetch(`${server.url}/api/export?format=csv`)).text();
    checkEqual(live, csv, 'the export over HTTP and by the command');
    const answer = await fetch(`${server.url}/api/import?dryRun=false`, {
        method: 'POST', body: csv.replace('Engines', 'Analytical Engines'), headers: { 'content-type': 'text/csv' },
    });
    const report = (await answer.json()).import;
    checkEqual([answer.status, report.updated, report.unchanged], [200, 1, 1], 'the import over HTTP');
    const [ada] = (await (await fetch(`${server.url}/api/contacts?q=ada`)).json()).contacts;
    checkEqual(ada.company, 'Analytical Engines', 'the company');
    await fetch(`${server.url}/api/contacts/${ada.id}`, { method: 'DELETE' });
    await server.stop();
}

async function checkPurge(machine) {
    const none = machine.expect(0, 'purge', '--older-than', '1');
    check(/^0 tombstones removed/.test(none.out), none.out);
    const one = machine.expect(0, 'purge', '--older-than', '0');
    check(/^1 tombstone removed/.test(one.out), one.out);
    checkEqual(machine.expect(0, 'export', '--deleted', 'only').out.split('\r\n').length, 2, 'tombstones');
    check(!readFileSync(path.join(machine.data, 'contacts.db'), 'latin1').includes('ada@system.example'),
        'the e-mail is still in the file');
}

async function checkRestore(machine) {
    writeFileSync(machine.file('broken.db'), 'this is no database');
    machine.expect(1, 'restore', machine.file('broken.db'));
    const cut = machine.file('cut.db');
    copyFileSync(machine.file('b1.db'), cut);
    writeFileSync(cut, readFileSync(cut).subarray(0, 8192 + 100));
    machine.expect(1, 'restore', cut);
    const done = machine.expect(0, 'restore', machine.file('b1.db'));
    const kept = done.out.match(/the database before it is (.+)\n/)?.[1];
    check(kept !== undefined && existsSync(kept), done.out);
    machine.expect(0, 'check');
    const csv = machine.expect(0, 'export').out;
    check(csv.includes('ada@system.example') && csv.includes(',Engines,'), csv);
    const server = await machine.server();
    checkEqual((await (await fetch(`${server.url}/api/contacts`)).json()).total, 2, 'contacts after the restore');
    await server.stop();
}

export async function run(report) {
    const machine = new Machine();
    await report.check('wrong words are one line and exit code 2', () => checkWrongWords(machine));
    const first = await machine.server();
    await first.stop();
    await report.check('a file is imported once, after a dry run', () => checkImport(machine));
    await report.check('an export comes back as it went', () => checkExport(machine));
    await report.check('beside a running server', () => checkBesideServer(machine));
    await report.check('a purge leaves nothing of a tombstone', () => checkPurge(machine));
    await report.check('a backup takes the place of the database', () => checkRestore(machine));
}
