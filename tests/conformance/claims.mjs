// Every method of a vendor's client that the sandbox claims to serve, with what was seen to hold. A claim is
// one check; a failed one does not keep the others from being tried.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { shapeFaults } from './shapes.mjs';

const page = fileURLToPath(new URL('METHODS.md', import.meta.url));

export class Claims {
    rows = [];
    passed = 0;
    failed = 0;

    constructor(recorder) {
        this.recorder = recorder;
    }

    count(isGood, name, detail = '') {
        if (isGood) this.passed += 1;
        else this.failed += 1;
        console.log(`${isGood ? 'ok    ' : 'FAILED'} ${name}${isGood ? '' : `\n    ${detail}`}`);
    }

    /** `holds` says in a few words what the run checks; the answers to its calls must have their shapes. */
    async method(client, method, holds, run) {
        const first = this.recorder.calls.length;
        let problem = '';
        try {
            await run();
        } catch (error) {
            problem = String(error.message ?? JSON.stringify(error)).slice(0, 2000);
        }
        const calls = this.recorder.calls.slice(first);
        const faults = calls.flatMap((call) => shapeFaults(call).map((fault) =>
            `${call.method} ${call.target} -> ${call.status}: ${fault}`));
        problem = [problem, ...new Set(faults)].filter(Boolean).slice(0, 8).join('\n    ');
        this.rows.push({ client, method, holds, isGood: problem === '' });
        this.count(problem === '', `${client} ${method}: ${holds}`, problem);
    }

    table() {
        const lines = ['| client | method | what holds | result |', '| --- | --- | --- | --- |'];
        for (const { client, method, holds, isGood } of this.rows) {
            lines.push(`| ${client} | \`${method}\` | ${holds} | ${isGood ? 'holds' : 'FAILS'} |`);
        }
        return lines.join('\n');
    }
}

/** The page as it should be; `parts` are pairs of a heading and a table. */
export function writtenPage(parts) {
    const sections = parts.map(([heading, text]) => `## ${heading}\n\n${text}\n`);
    return `# What the vendors' own clients do with the sandbox\n\n` +
        `Written by \`node tests/conformance/run.mjs --write\`; the run fails when this page is not what it saw.\n\n` +
        sections.join('\n');
}

export function isPageTrue(text) {
    try {
        return readFileSync(page, 'utf8') === text;
    } catch {
        return false;
    }
}

export function writePage(text) {
    writeFileSync(page, text);
}
