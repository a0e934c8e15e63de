// A server that stands between a client and the sandbox: it passes every request on and keeps what was
// asked and answered. Without a sandbox behind it, it answers what it was told.
import { Agent, createServer, request as sendRequest } from 'node:http';

async function bodyOf(stream) {
    const parts = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts);
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

export class Recorder {
    calls = [];
    // Every connection that stays open holds a thread of the sandbox; it has 48.
    agent = new Agent({ keepAlive: true, maxSockets: 16 });

    /** `answer` is the address behind, or a function of a call that gives {status, body}. */
    constructor(answer) {
        this.answer = answer;
    }

    async start() {
        this.server = createServer((request, response) => {
            this.handle(request, response).catch(() => response.destroy());
        });
        await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    async stop() {
        this.server.closeAllConnections();
        this.agent.destroy();
        await new Promise((resolve) => { this.server.close(resolve); });
    }

    async handle(request, response) {
        const body = await bodyOf(request);
        const call = {
            method: request.method,
            target: request.url,
            system: request.url.match(/^\/(hubspot|pipedrive)\//)?.[1] ?? 'integration.app',
            headers: request.headers,
            body: body.toString(),
        };
        const answered = typeof this.answer === 'string' ? await this.pass(call, body) : this.answer(call);
        call.status = answered.status;
        call.answerHeaders = answered.headers ?? {};
        call.type = call.answerHeaders['content-type'] ?? 'application/json';
        call.text = answered.body.toString();
        call.json = parsed(call.text);
        this.calls.push(call);
        response.writeHead(answered.status, answered.headers ?? { 'content-type': 'application/json' });
        response.end(answered.body);
    }

    pass(call, body) {
        const behind = new URL(this.answer);
        // Not compressed: what is answered is read here.
        const headers = { ...call.headers, host: behind.host, 'accept-encoding': 'identity' };
        // Pipedrive's client sends no headers but its own: there the key says whose records are meant.
        const [key, customer] = (headers['x-api-token'] ?? '').split(':');
        if (customer) Object.assign(headers, { 'x-api-token': key, 'x-customer': customer });
        return new Promise((resolve, reject) => {
            const passed = sendRequest({
                host: behind.hostname, port: behind.port, method: call.method, path: call.target, headers, agent: this.agent,
            }, (answer) => {
                bodyOf(answer).then((text) => {
                    const kept = { ...answer.headers };
                    delete kept['transfer-encoding'];
                    delete kept.connection;
                    resolve({ status: answer.statusCode, headers: kept, body: text });
                }, reject);
            });
            passed.on('error', reject);
            passed.end(body);
        });
    }
}
