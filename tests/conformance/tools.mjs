// Small things that the parts share.
import { createHmac } from 'node:crypto';

import { check } from '../browser/support.mjs';

const encode = (value) => Buffer.from(value).toString('base64url');

/** A token for the sandbox's workspace, or what `claims` and the other arguments make of it. */
export function tokenOf(customer, claims = {}, algorithm = 'HS512', secret = 'sandbox-secret') {
    const all = { iss: 'sandbox', id: customer, name: customer, exp: Math.floor(Date.now() / 1000) + 600, ...claims };
    for (const key of Object.keys(all)) if (all[key] === undefined) delete all[key];
    const signed = `${encode(JSON.stringify({ alg: algorithm, typ: 'JWT' }))}.${encode(JSON.stringify(all))}`;
    const hash = algorithm.replace('HS', 'sha');
    return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/** What the promise failed with; that it did not fail is the failure. */
export async function refusalOf(promise, what = 'the call') {
    let value;
    try {
        value = await promise;
    } catch (error) {
        return error;
    }
    throw new Error(`${what} was not refused but answered ${JSON.stringify(value)}`);
}

/** So many calls at once; the first that was refused, after all have ended. */
export async function oneRefusedOf(count, run) {
    const all = await Promise.allSettled(Array.from({ length: count }, run));
    const refused = all.filter((each) => each.status === 'rejected');
    check(refused.length > 0 && refused.length < count, `${refused.length} of ${count} were refused`);
    throw refused[0].reason;
}

/** A switch of the sandbox. */
export async function turn(sandbox, part, body, method = 'POST') {
    const response = await fetch(`${sandbox}/sandbox/${part}`, {
        method,
        headers: { Authorization: 'Bearer sandbox', 'Content-Type': 'application/json' },
        body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    check(response.ok, `${method} /sandbox/${part} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : null;
}

export function checkIncludes(list, value, what) {
    check(list.includes(value), `${what}: ${JSON.stringify(value)} is not among ${JSON.stringify(list).slice(0, 300)}`);
}
