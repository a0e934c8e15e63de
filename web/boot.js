// Starts the page: the theme before anything is painted, then the program and its fonts with progress by bytes,
// and, when that fails, the reason in words. No inline script: the page's security policy forbids it.
'use strict';

(() => {
    const root = document.documentElement;
    let wanted = 'system';
    try {
        wanted = localStorage.getItem('contacts.theme') ?? 'system';
    } catch {
        // Storage is forbidden here: follow the system.
    }
    const isDark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    root.dataset.theme = isDark ? 'dark' : 'light';

    let bytesTotal = 1;
    let bytesRead = 0;

    function showProgress() {
        const bar = document.getElementById('boot-progress');
        if (bar) bar.value = Math.min(1, bytesRead / bytesTotal);
    }

    function fail(what, error) {
        const message = document.getElementById('boot-message');
        message.textContent = what + ' Your data is safe on the server. Reload the page to try again.';
        message.className = 'boot-failed';
        message.setAttribute('role', 'alert');
        console.error(error);
    }

    async function load(address) {
        const response = await fetch(address, { credentials: 'same-origin' });
        if (!response.ok) throw new Error(address + ': ' + response.status);
        return response;
    }

    // The same response, counted while it is read.
    function counted(response) {
        const reader = response.body.getReader();
        const stream = new ReadableStream({
            async pull(controller) {
                const { done, value } = await reader.read();
                if (done) {
                    controller.close();
                    return;
                }
                bytesRead += value.byteLength;
                showProgress();
                controller.enqueue(value);
            },
        });
        return new Response(stream, { headers: { 'Content-Type': 'application/wasm' } });
    }

    // One download serves both: the canvas (the program takes the bytes) and the elements over it.
    async function loadFont(address, index) {
        const weights = ['400', '500', '600'];
        try {
            const response = await load(address);
            const bytes = await response.arrayBuffer();
            contactsPlatform.fonts[index] = new Uint8Array(bytes);
            if (index >= weights.length) return;  // the icons are drawn only
            const face = new FontFace('Inter', bytes, { weight: weights[index] });
            document.fonts.add(await face.load());
        } catch (error) {
            console.error(error);  // the others stand in for it
        }
    }

    function loadProgram(imports, done) {
        const { wasm, fonts, bytes } = document.body.dataset;
        bytesTotal = Number(bytes) || 1;
        allFonts = Promise.all(fonts.split(' ').map(loadFont));
        load(wasm)
            .then((response) => WebAssembly.instantiateStreaming(counted(response), imports))
            .then(({ instance, module }) => done(instance, module))
            .catch((error) => fail('The program could not be loaded.', error));
        return {};
    }

    async function run() {
        await allFonts;
        Module._crm_start();
        await contacts.idle();  // the list is there: the shell gives way without a gap
        document.getElementById('shell')?.remove();
    }

    let allFonts = null;
    window.Module = {
        noInitialRun: true,
        instantiateWasm: loadProgram,
        onRuntimeInitialized() {
            run().catch((error) => fail('The program stopped while it was starting.', error));
        },
        onAbort(reason) { fail('The program stopped unexpectedly.', reason); },
    };

    // A script that does not arrive says so on its element only.
    addEventListener('error', (event) => {
        if (event.target.tagName === 'SCRIPT') fail('A part of the program could not be loaded.', event.target.src);
    }, true);
    addEventListener('DOMContentLoaded', () => {
        if (typeof WebAssembly !== 'object') {
            fail('This browser cannot run the program: it knows no WebAssembly.', 'no WebAssembly');
        }
        setTimeout(() => {
            const hint = document.getElementById('boot-hint');
            if (hint) hint.hidden = false;
        }, 5000);
    });
})();
