// What ./bench runs: starts the release server on a free port with a folder of its own, asks it
// for figures, and prints one table. A figure that cannot be had is printed as the reason, so a
// broken part never looks like a fast one.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const serverPath = path.join(root, "build/release/server/contacts-server");
const webFolder = path.join(root, "build/wasm/web");
const startSecondsMax = 30;

const rows = [];
const report = (figure, value, method) => rows.push({ figure, value, method });
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// --- A server of our own ---------------------------------------------------------------------

/** Starts the server and resolves with its addresses once it says that it listens. */
async function startServer(flags, environment = {}) {
  const data = await mkdtemp(path.join(tmpdir(), "contacts-bench-"));
  const child = spawn(
    serverPath,
    ["serve", "--port", "0", "--data", data, "--auth", "dev", ...flags],
    { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "ignore"] },
  );
  const server = { child, data, url: "", sandbox: "" };
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("it did not start")), startSecondsMax * 1000);
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      server.sandbox = said.match(/^sandbox on (\S+)/m)?.[1] ?? "";
      server.url = said.match(/^listening on (\S+)/m)?.[1] ?? "";
      if (server.url) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.on("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`it ended with exit code ${code}`));
    });
  });
  return server;
}

async function stopServer(server) {
  const ended = new Promise((resolve) => server.child.on("exit", resolve));
  const begin = performance.now();
  server.child.kill("SIGTERM");
  await ended;
  await rm(server.data, { recursive: true, force: true });
  return performance.now() - begin;
}

async function ask(url, options = {}) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${response.status} from ${new URL(url).pathname}`);
  return response.json();
}

const post = (url, body) =>
  ask(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });

async function memoryMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(status.match(/^VmRSS:\s+(\d+) kB/m)[1]) / 1024;
}

// --- The figures -----------------------------------------------------------------------------

async function sizes() {
  const totals = { wasm: [0, 0], js: [0, 0], fonts: [0, 0], "html and css": [0, 0] };
  const kinds = [
    [/\.wasm$/, "wasm"],
    [/\.(m?js)$/, "js"],
    [/\.(ttf|otf|woff2?)$/, "fonts"],
    [/\.(html|css)$/, "html and css"],
  ];
  for (const name of await readdir(webFolder, { recursive: true })) {
    const kind = kinds.find(([pattern]) => pattern.test(name))?.[1];
    if (!kind) continue;
    const file = path.join(webFolder, name);
    const bytes = await readFile(file);
    const compressed = await stat(`${file}.br`).then(
      (info) => info.size,
      () => brotliCompressSync(bytes).length,
    );
    totals[kind][0] += bytes.length;
    totals[kind][1] += compressed;
  }
  for (const [kind, [raw, brotli]] of Object.entries(totals)) {
    report(`client, ${kind}`, `${kilobytes(raw)}, brotli ${kilobytes(brotli)}`, "files of the build");
  }
  const binary = await stat(serverPath);
  report("server program", kilobytes(binary.size), "with symbols");
}

/** Creates contacts eight at a time, as many clients at once would. */
async function fill(server, count) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      await post(`${server.url}/api/contacts`, {
        name: `Person ${index}`,
        email: `person${index}@example.com`,
        phone: `+1 202 555 ${String(index % 10000).padStart(4, "0")}`,
        company: `Company ${index % 500}`,
        jobTitle: "Engineer",
      });
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: 8 }, worker));
  return (performance.now() - begin) / 1000;
}

async function medianMilliseconds(url, times = 30) {
  const taken = [];
  for (let i = 0; i < times; ++i) {
    const begin = performance.now();
    await (await fetch(url)).arrayBuffer();
    taken.push(performance.now() - begin);
  }
  return median(taken);
}

async function serverFigures(count) {
  const begin = performance.now();
  const server = await startServer([]);
  try {
    report("server start", `${(performance.now() - begin).toFixed(0)} ms`, "process to listening");
    const empty = await memoryMegabytes(server.child.pid);
    report("server memory, empty", `${empty.toFixed(1)} MiB`, "resident, no contact");
    const seconds = await fill(server, count);
    report("contacts created", `${(count / seconds).toFixed(0)} /s`, `${count}, 8 clients, durable`);
    const list = `${server.url}/api/contacts`;
    const page = await medianMilliseconds(`${list}?limit=100`);
    report("page of 100 contacts", `${page.toFixed(1)} ms`, `of ${count}, median of 30`);
    const search = await medianMilliseconds(`${list}?q=person77&limit=100`);
    report("search", `${search.toFixed(1)} ms`, `of ${count}, median of 30`);
    const full = await memoryMegabytes(server.child.pid);
    report("server memory", `${full.toFixed(1)} MiB`, `resident, ${count} contacts`);
  } finally {
    const taken = await stopServer(server);
    report("server stop", `${taken.toFixed(0)} ms`, "SIGTERM to exit");
  }
}

/** Runs until nothing is pending any more, or gives up. */
async function settle(server, runsMax = 20) {
  for (let i = 0; i < runsMax; ++i) {
    const { run } = await post(`${server.url}/api/sync?wait=true`);
    const writes = Object.values(run.writes).reduce((sum, count) => sum + count, 0);
    if (writes === 0 && run.pending === 0) return run;
  }
  throw new Error(`not quiet after ${runsMax} runs`);
}

async function syncFigures() {
  const environment = { SYNC_INTERVAL_S: "0", SYNC_FIRST: "auto", SYNC_SETTLE_S: "1",
                        SYNC_LATE_S: "1" };
  const server = await startServer(["--sandbox"], environment);
  const calls = async () => {
    const log = await ask(`${server.sandbox}/sandbox/log?limit=1`, {
      headers: { authorization: "Bearer sandbox" },
    });
    const counted = Object.values(log.counters).flatMap((actions) => Object.values(actions));
    return counted.reduce((sum, count) => sum + count, 0);
  };
  try {
    const begin = performance.now();
    await settle(server);
    const first = (performance.now() - begin) / 1000;
    report("first sync", `${first.toFixed(1)} s`, "sandbox's people in both CRMs, until quiet");
    const before = await calls();
    const quietBegin = performance.now();
    const { run } = await post(`${server.url}/api/sync?wait=true`);
    const quiet = performance.now() - quietBegin;
    const writes = Object.values(run.writes).reduce((sum, count) => sum + count, 0);
    report("quiet run", `${quiet.toFixed(0)} ms`, "nothing changed anywhere");
    report("quiet run, calls", `${(await calls()) - before}`, "as the workspace counted them");
    report("quiet run, writes", `${writes}`, "app and both CRMs");
  } finally {
    await stopServer(server);
  }
}

async function firstFrame() {
  const { chromium } = await import("playwright-core");
  const server = await startServer(["--sandbox"]);
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const taken = [];
    for (let i = 0; i < 5; ++i) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(server.url);
      await page.waitForFunction(() => window.contacts?.idle !== undefined);
      taken.push(
        await page.evaluate(async () => {
          await window.contacts.idle();
          return performance.now();
        }),
      );
      await page.close();
    }
    report("first complete screen", `${median(taken).toFixed(0)} ms`,
           "navigation to idle, 1280x800, software GL, median of 5, cold cache");
  } finally {
    await browser.close();
    await stopServer(server);
  }
}

// --- The table -------------------------------------------------------------------------------

function print() {
  const width = (key) => Math.max(...rows.map((row) => row[key].length));
  const [figure, value] = [width("figure"), width("value")];
  for (const row of rows) {
    console.log(`${row.figure.padEnd(figure)}  ${row.value.padStart(value)}  ${row.method}`);
  }
}

async function main() {
  const flag = process.argv.indexOf("--contacts");
  const count = flag > 0 ? Number(process.argv[flag + 1]) : 10_000;
  if (!Number.isInteger(count) || count < 1) {
    console.error("--contacts takes a whole number from 1");
    process.exit(2);
  }
  let isComplete = true;
  const parts = [
    ["sizes", sizes],
    ["server", () => serverFigures(count)],
    ["sync", syncFigures],
    ["browser", firstFrame],
  ];
  for (const [name, part] of parts) {
    try {
      await part();
    } catch (problem) {
      isComplete = false;
      report(name, "no figure", problem.message);
    }
  }
  print();
  process.exit(isComplete ? 0 : 1);
}

await main();
