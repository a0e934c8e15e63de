// Who a record without e-mail may be, over the API of the built server: the suggestion, a person's yes, and
// a person's no that outlives a crash.
import { check, checkEqual } from '../browser/support.mjs';
import { makeFolder, Places, ServerProcess } from './world.mjs';

const syncsMax = 12;

/** Sync now until nothing is pending; problems are what this test is about. */
async function settle(places) {
    for (let count = 0; count < syncsMax; count += 1) {
        const run = await places.sync();
        check(run.state.startsWith('done'), `a run ended ${run.state}: ${JSON.stringify(run)}`);
        if (run.pending === 0) return;
    }
    throw new Error(`still pending after ${syncsMax} runs`);
}

async function createWithoutEmail(places, name, phone) {
    const answer = await places.crm('/pipedrive/v1/persons', 'POST',
        { name, phone: [{ value: phone, primary: true }] });
    return String(answer.data.id);
}

async function findHold(places, record) {
    const { status, body } = await places.app('GET',
        '/api/sync/holds?system=pipedrive&reason=no_email&limit=1000');
    checkEqual(status, 200, 'the list of held records');
    return body.holds.find((hold) => hold.recordId === record);
}

export const name = 'suggestion';

export async function run(report) {
    const folder = makeFolder();
    const flags = ['--sandbox', '--sync-interval', '0'];
    let server = await new ServerProcess(folder, flags, {}).start();
    let places = new Places(server, server);
    const records = {};
    const contacts = {};
    await report.check('a record without e-mail is suggested for who has its phone', async () => {
        await settle(places);
        records.ada = await createWithoutEmail(places, 'A. Lovelace', '+44 (0)20 7946 0958');
        records.desk = await createWithoutEmail(places, 'Front desk', '0044 20 7946 0321');
        contacts.ada = await places.change('POST', '/api/contacts',
            { name: 'Ada Lovelace', email: 'ada@suggestion.example', phone: '+442079460958' });
        contacts.boris = await places.change('POST', '/api/contacts',
            { name: 'Boris', email: 'boris@suggestion.example', phone: '+44 20 7946 0321' });
        await settle(places);
        const hold = await findHold(places, records.ada);
        checkEqual(hold?.suggestion?.contactId, contacts.ada.id, 'who is suggested');
        check(hold.suggestion.reason.includes('the same phone as Ada Lovelace'), hold.suggestion.reason);
        const theirs = (await places.pipedrive()).filter((one) => one.email.endsWith('@suggestion.example'));
        checkEqual(theirs.length, 0, 'records made beside the ones in question');
    });
    await report.check('a yes makes one contact of both', async () => {
        const { status, body } = await places.app('POST',
            `/api/sync/holds/pipedrive/${records.ada}/link`, { contactId: contacts.ada.id });
        checkEqual(status, 200, JSON.stringify(body));
        await settle(places);
        const theirs = (await places.pipedrive()).filter((one) => one.email === 'ada@suggestion.example');
        checkEqual(theirs.map((one) => one.id), [records.ada], 'records of Ada in Pipedrive');
        const ours = (await places.contacts()).filter((one) => one.pipedriveId === records.ada);
        checkEqual(ours.map((one) => one.id), [contacts.ada.id], 'contacts with that record');
        checkEqual(await findHold(places, records.ada), undefined, 'the held record');
    });
    await report.check('a no lasts over runs and a crash', async () => {
        const { status } = await places.app('POST', `/api/sync/holds/pipedrive/${records.desk}/refuse`);
        checkEqual(status, 200, 'refusing');
        await settle(places);
        await server.kill();
        server = await new ServerProcess(folder, flags, {}).start();
        places = new Places(server, server);
        await places.crm(`/pipedrive/v1/persons/${records.desk}`, 'PUT', { name: 'Desk' });
        await settle(places);
        const hold = await findHold(places, records.desk);
        checkEqual([hold?.title, hold?.suggestion?.refused], ['Desk', true], 'the held record');
        const theirs = (await places.pipedrive()).filter((one) => one.email === 'boris@suggestion.example');
        checkEqual(theirs.length, 1, 'records of Boris in Pipedrive');
        check(theirs[0].id !== records.desk, 'the refused record was linked');
    });
    await report.check('the server ends cleanly', () => server.stop());
}
