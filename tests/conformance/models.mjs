// The shapes that the vendors' clients declare, read from the type files inside their packages, and a check
// of an answer against one of them. HubSpot's and Pipedrive's clients are generated from the vendors' own
// OpenAPI descriptions; their declarations are that description.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** Every interface, class, type and enum of one folder of declarations, by name. */
export function readModels(folder) {
    const models = new Map();
    for (const file of readdirSync(folder)) {
        if (!file.endsWith('.d.ts')) continue;
        const text = readFileSync(path.join(folder, file), 'utf8').replace(comment, '');
        readFile(text, models);
    }
    return models;
}

/** The text from an opening brace to the one that closes it. */
function braced(text, start) {
    let depth = 0;
    for (let at = start; at < text.length; at += 1) {
        if (text[at] === '{') depth += 1;
        if (text[at] === '}') depth -= 1;
        if (depth === 0) return text.slice(start + 1, at);
    }
    throw new Error('a declaration does not end');
}

function readFile(text, models) {
    for (const match of text.matchAll(/export (?:declare class|interface) (\w+) \{/g)) {
        models.set(match[1], { members: readMembers(braced(text, match.index + match[0].length - 1)) });
    }
    for (const match of text.matchAll(/export declare (?:enum|const) (\w+)(?::)? \{/g)) {
        const body = braced(text, match.index + match[0].length - 1);
        const values = [...body.matchAll(/[=:]\s*("[^"]*"|-?\d+)/g)].map((each) => JSON.parse(each[1]));
        models.set(match[1], { values });
    }
    for (const match of text.matchAll(/export type (\w+) = ([^;]+);/g)) {
        if (!models.has(match[1])) models.set(match[1], { type: match[2].trim() });
    }
}

/** `'name'?: Type;` of one level; statics and the constructor are no part of an answer. */
function readMembers(body) {
    const members = [];
    const pattern = /'(\w+)'(\?)?: ((?:\{[^{}]*\}|[^;{}])+);/g;
    for (const match of body.matchAll(pattern)) {
        // Words that a language keeps for itself got an underscore.
        members.push({ name: match[1].replace(/^_/, ''), isOptional: match[2] === '?', type: match[3].trim() });
    }
    return members;
}

function split(type, sign) {
    const parts = [];
    let depth = 0;
    let last = 0;
    for (let at = 0; at < type.length; at += 1) {
        if ('<{[('.includes(type[at])) depth += 1;
        if ('>}])'.includes(type[at])) depth -= 1;
        if (depth === 0 && type[at] === sign) {
            parts.push(type.slice(last, at).trim());
            last = at + 1;
        }
    }
    return [...parts, type.slice(last).trim()];
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const simple = {
    any: () => true,
    object: isObject,
    undefined: (value) => value === undefined,
    null: (value) => value === null,
    string: (value) => typeof value === 'string',
    number: (value) => typeof value === 'number',
    boolean: (value) => typeof value === 'boolean',
    Date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

/**
 * Sentences about what is not as declared; none when it fits. With `isNullFree`, null stands for absent
 * wherever a member is optional: the generator forgot it where the vendor's answers have it.
 */
export function faultsOf(models, type, value, options = {}, where = 'the answer') {
    const parts = split(type, '|');
    if (parts.length > 1) {
        const all = parts.map((part) => faultsOf(models, part, value, options, where));
        return all.some((each) => each.length === 0) ? [] : all[0];
    }
    const joined = split(type, '&');
    if (joined.length > 1) return joined.flatMap((part) => faultsOf(models, part, value, options, where));
    if (simple[type]) return simple[type](value) ? [] : [`${where} is ${JSON.stringify(value)}, no ${type}`];
    const list = type.match(/^Array<([\s\S]*)>$/);
    if (list) {
        if (!Array.isArray(value)) return [`${where} is no list`];
        return value.flatMap((each, at) => faultsOf(models, list[1], each, options, `${where}[${at}]`));
    }
    const map = type.match(/^\{\s*\[\w+: string\]: ([\s\S]*?);?\s*\}$/);
    if (map) {
        if (!isObject(value)) return [`${where} is no object`];
        return Object.entries(value).flatMap(([key, each]) =>
            faultsOf(models, map[1], each, options, `${where}.${key}`));
    }
    return faultsOfModel(models, type, value, options, where);
}

function faultsOfModel(models, type, value, options, where) {
    const model = models.get(type);
    if (!model) return [`the package declares no ${type} (${where})`];
    if (model.type) return faultsOf(models, model.type, value, options, where);
    if (model.values) {
        return model.values.includes(value) ? [] : [`${where} is ${JSON.stringify(value)}, none of ${type}`];
    }
    if (!isObject(value)) return [`${where} is ${JSON.stringify(value)}, no ${type}`];
    return model.members.flatMap((member) => {
        const each = value[member.name];
        const isAbsent = each === undefined || (each === null && options.isNullFree);
        if (isAbsent && (member.isOptional || (each === null && options.isNullFree))) return [];
        if (isAbsent) return [`${where}.${member.name} is missing`];
        return faultsOf(models, member.type, each, options, `${where}.${member.name}`);
    });
}
