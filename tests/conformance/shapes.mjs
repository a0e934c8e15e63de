// Which declared shape each answer must have. An answer that no line here describes is a failure too.
import { createRequire } from 'node:module';
import path from 'node:path';

import { faultsOf, readModels } from './models.mjs';

const require = createRequire(import.meta.url);
const membrane = require('@membranehq/sdk');
// The very library that its shapes are made with.
const { z } = createRequire(require.resolve('@membranehq/sdk'))('zod');

const packageFolder = (name, inside) =>
    path.join(path.dirname(require.resolve('../package.json')), 'node_modules', name, inside);
const hubspot = readModels(packageFolder('@hubspot/api-client', 'lib/codegen/crm/contacts/models'));
for (const [name, model] of readModels(
    packageFolder('@hubspot/api-client', 'lib/codegen/crm/properties/models'))) {
    if (!hubspot.has(name)) hubspot.set(name, model);
}
const v1 = readModels(packageFolder('pipedrive', 'dist/versions/v1/models'));
const v2 = readModels(packageFolder('pipedrive', 'dist/versions/v2/models'));

// The generator kept the first of eleven alternatives; this is the one of persons.
v1.set('RecentsDataInner', { type: 'RecentsDataInnerAnyOf6' });

for (const [name, model] of readModels(
    packageFolder('@hubspot/api-client', 'lib/codegen/crm/associations/v4/models'))) {
    if (!hubspot.has(name)) hubspot.set(name, model);
}

const contacts = 'hubspot/crm/v3/objects/contacts';
const page = 'CollectionResponseWithTotalSimplePublicObject';
const many = 'BatchResponseSimplePublicObject';

const id = '[^/]+';
/** [method, path, status, the type]; the first that fits counts. */
const hubspotShapes = [
    ['GET', contacts, 200, 'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging'],
    ['POST', contacts, 201, 'SimplePublicObject'],
    ['POST', `${contacts}/search`, 200, page],
    ['POST', `${contacts}/merge`, 200, 'SimplePublicObject'],
    ['POST', `${contacts}/batch/upsert`, 200, 'BatchResponseSimplePublicUpsertObject'],
    ['POST', `${contacts}/batch/upsert`, 207, 'BatchResponseSimplePublicUpsertObjectWithErrors'],
    ['POST', `${contacts}/batch/${id}`, 200, many],
    ['POST', `${contacts}/batch/create`, 201, many],
    ['POST', `${contacts}/batch/${id}`, 207, `${many}WithErrors`],
    ['GET', `${contacts}/${id}`, 200, 'SimplePublicObjectWithAssociations'],
    ['PATCH', `${contacts}/${id}`, 200, 'SimplePublicObject'],
    ['GET', `hubspot/crm/v4/objects/contacts/${id}/associations/${id}`, 200,
        'CollectionResponseMultiAssociatedObjectWithLabelForwardPaging'],
    ['GET', 'hubspot/crm/v3/properties/contacts', 200, 'CollectionResponsePropertyNoPaging'],
    ['GET', `hubspot/crm/v3/properties/contacts/${id}`, 200, 'Property'],
];
const persons1 = 'pipedrive/(?:api/)?v1/persons';
const persons2 = 'pipedrive/api/v2/persons';
const pipedriveShapes = [
    ['GET', persons1, 200, 'GetPersonsResponse1'],
    ['POST', persons1, 201, 'AddPersonResponse'],
    ['GET', `${persons1}/search`, 200, 'GetPersonSearchResponse'],
    ['GET', `${persons1}/collection`, 200, 'GetPersonsCollection200Response'],
    ['GET', `${persons1}/${id}`, 200, 'GetPersonDetailsResponse'],
    ['PUT', `${persons1}/${id}`, 200, 'UpdatePersonResponse'],
    ['DELETE', `${persons1}/${id}`, 200, 'DeletePersonResponse'],
    ['PUT', `${persons1}/${id}/merge`, 200, 'MergePersonsResponse'],
    ['GET', 'pipedrive/(?:api/)?v1/recents', 200, 'GetRecentsResponse'],
    ['GET', persons2, 200, 'GetPersonsResponse'],
    ['POST', persons2, 201, 'UpsertPersonResponse'],
    ['GET', `${persons2}/search`, 200, 'GetPersonSearchResponse'],
    ['GET', `${persons2}/${id}`, 200, 'UpsertPersonResponse'],
    ['PATCH', `${persons2}/${id}`, 200, 'UpsertPersonResponse'],
    ['DELETE', `${persons2}/${id}`, 200, 'DeletePersonResponse'],
];

const listOf = (item) => z.object({ items: z.array(item), cursor: z.string().optional() }).strict();
const data = `connections/${id}/data/${id}`;
const integrationAppShapes = [
    ['GET', 'self', 200, membrane.CustomerApiResponse],
    ['GET', 'connections', 200, listOf(membrane.ConnectionApiResponse)],
    ['POST', 'connections', 200, membrane.ConnectionApiResponse],
    ['POST', `connections/${id}/test`, 200, membrane.ConnectionTestResponse],
    ['POST', `connections/${id}/refresh-credentials`, 200, z.object({}).strict()],
    ['GET', `connections/${id}`, 200, membrane.ConnectionApiResponse],
    ['PATCH', `connections/${id}`, 200, membrane.ConnectionApiResponse],
    ['PUT', `connections/${id}`, 200, membrane.ConnectionApiResponse],
    ['DELETE', `connections/${id}`, 200, membrane.ConnectionApiResponse],
    ['GET', `connections/${id}/actions`, 200, listOf(membrane.ActionApiResponse)],
    ['GET', `connections/${id}/actions/${id}`, 200, membrane.ActionInstanceApiResponse],
    ['GET', 'integrations', 200, listOf(membrane.IntegrationApiResponse)],
    ['GET', `integrations/${id}`, 200, membrane.IntegrationApiResponse],
    ['GET', `integrations/${id}/actions`, 200, listOf(membrane.ActionApiResponse)],
    ['GET', `integrations/${id}/actions/${id}`, 200, membrane.ActionApiResponse],
    ['GET', 'actions', 200, listOf(membrane.ActionApiResponse)],
    ['GET', `actions/${id}`, 200, membrane.ActionApiResponse],
    ['GET', 'action', 200, membrane.ActionApiResponse],
    ['POST', `connections/${id}/actions/${id}/run`, 200, membrane.ActionRunResponse],
    ['POST', 'action-instance/run', 200, membrane.ActionRunResponse],
    ['POST', `actions/${id}/run`, 200, membrane.ActionRunResponse],
    ['POST', 'act', 200, membrane.ActionRunResponse],
    ['POST', `${data}/list`, 200, membrane.DataCollectionListResponse],
    ['POST', `${data}/search`, 200, membrane.DataCollectionSearchResponse],
    ['POST', `${data}/match`, 200, membrane.DataCollectionMatchResponse],
    ['POST', `${data}/find-by-id`, 200, membrane.DataCollectionFindByIdResponse],
    ['POST', `${data}/create`, 200, membrane.DataCollectionCreateResponse],
    ['POST', `${data}/update`, 200, membrane.DataCollectionUpdateResponse],
    ['POST', `${data}/delete`, 200, z.any()],
];

const text = z.string().min(1);
const integrationAppError = z.object({
    type: z.enum(Object.values(membrane.ErrorType)), key: text.optional(), message: text,
});
// HubSpot's declaration wants a category everywhere; recorded 404s and 429s have none.
const hubspotError = z.object({
    status: z.literal('error'), message: text, correlationId: text, category: text.optional(),
});
const pipedriveError = z.object({
    success: z.literal(false), error: text, errorCode: z.number(), error_info: text, data: z.null(),
});
// A second deletion: recorded as 410 that claims success.
const pipedriveGone = z.object({ success: z.literal(true), data: z.object({ id: z.number() }) });

function zodFaults(schema, value) {
    const result = schema.safeParse(value);
    return result.success ? [] : result.error.issues.map((issue) =>
        `${issue.path.join('.') || 'the answer'}: ${issue.message}`);
}

function find(shapes, { method, target, status }) {
    const place = target.replace(/\?.*$/, '').replace(/^\/+|\/+$/g, '');
    return shapes.find(([wanted, pattern, answered]) =>
        wanted === method && answered === status && new RegExp(`^${pattern}$`).test(place));
}

/** Sentences about an answer that has not the shape its vendor declares. */
export function shapeFaults(call) {
    if (call.status === 204) return call.text === '' ? [] : ['an answer without content has a body'];
    const isHtml = call.type.includes('html');
    if (isHtml) return call.status === 502 || call.status === 403 ? [] : ['an HTML page'];
    const { system, json } = call;
    if (call.status >= 400) {
        const error = { hubspot: hubspotError, pipedrive: pipedriveError }[system] ?? integrationAppError;
        return zodFaults(call.status === 410 ? pipedriveGone : error, json);
    }
    if (system === 'hubspot') {
        const shape = find(hubspotShapes, call);
        return shape ? faultsOf(hubspot, shape[3], json) : ['no shape is known for it'];
    }
    if (system === 'pipedrive') {
        const shape = find(pipedriveShapes, call);
        const models = call.target.includes('/v2/') ? v2 : v1;
        return shape ? faultsOf(models, shape[3], json, { isNullFree: true }) : ['no shape is known for it'];
    }
    // With a switch of the sandbox, runs are answered 201.
    const isRun = /\/run(\?|$)/.test(call.target);
    const shape = find(integrationAppShapes, isRun && call.status === 201 ? { ...call, status: 200 } : call);
    return shape ? zodFaults(shape[3], json) : ['no shape is known for it'];
}
