// The browser's half of client-wasm/platform: frames on demand, pointer and keys, requests, the event stream,
// timers, the address, what is kept in this browser. `window.contacts` is for tests and the curious.
'use strict';

window.contactsPlatform = (() => {
    const pointerMoved = 0, pointerPressed = 1, pointerReleased = 2, pointerLeft = 3;
    const shortTimerMs = 400;  // longer ones are no work under way: a toast may wait
    const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

    let exports = null;  // the wasm module
    let memory = null;   // give, take, free
    let isFrameWanted = false;
    let wakeTimer = 0;
    let isContextLost = false;
    let isUnloadGuarded = false;
    let requestsPending = 0;
    let timersPending = 0;
    let framesDrawn = 0;
    const canvas = () => document.getElementById('canvas');
    const view = { width: innerWidth, height: innerHeight, density: devicePixelRatio, pixels: null };

    // --- frames

    function wake() {
        if (isFrameWanted || !exports) return;
        isFrameWanted = true;
        requestAnimationFrame(frame);
    }

    function wakeAfter(delay) {
        clearTimeout(wakeTimer);
        if (delay === 0) wake();
        else if (delay > 0) wakeTimer = setTimeout(wake, delay);
    }

    function frame() {
        isFrameWanted = false;
        if (isContextLost) return;  // everything is kept; the restored context wakes us
        fitCanvas();
        framesDrawn += 1;
        exports._crm_frame(performance.now());
    }

    // The canvas has exactly the device's pixels: sharp at any zoom.
    function fitCanvas() {
        const element = canvas();
        const density = devicePixelRatio || 1;
        view.width = document.documentElement.clientWidth;
        view.height = document.documentElement.clientHeight;
        view.density = density;
        const width = pixelsOf(view.pixels?.inlineSize, view.width * density);
        const height = pixelsOf(view.pixels?.blockSize, view.height * density);
        if (element.width !== width || element.height !== height) {
            element.width = width;
            element.height = height;
        }
    }

    // What the browser measured, unless it is from before a change of density.
    function pixelsOf(measured, expected) {
        return Math.abs(measured - expected) <= 2 ? measured : Math.round(expected);
    }

    function watchSize() {
        const observer = new ResizeObserver((entries) => {
            view.pixels = entries[0].devicePixelContentBoxSize?.[0] ?? null;
            wake();
        });
        try {
            observer.observe(canvas(), { box: 'device-pixel-content-box' });
        } catch {
            observer.observe(canvas());
        }
        addEventListener('resize', wake);
        const watchDensity = () => {
            matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
                wake();
                watchDensity();
            }, { once: true });
        };
        watchDensity();
    }

    // --- what the person prefers

    const queries = [
        '(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(prefers-reduced-motion: reduce)',
        '(pointer: coarse)',
    ].map((text) => matchMedia(text));

    function preferences() {
        return queries.reduce((bits, query, index) => bits | (query.matches ? 1 << index : 0), 0);
    }

    // --- input

    function modifierBits(event) {
        const isControl = isMac ? event.metaKey : event.ctrlKey;
        return (event.shiftKey ? 1 : 0) | (isControl ? 2 : 0) | (event.altKey ? 4 : 0);
    }

    function withText(text, use) {
        const pointer = memory.give(text);
        try {
            return use(pointer);
        } finally {
            memory.free(pointer);
        }
    }

    function pointer(kind, event) {
        exports._crm_pointer(kind, event.clientX, event.clientY);
        wake();
    }

    function watchInput() {
        const early = { capture: true, passive: true };
        addEventListener('pointermove', (event) => {
            if (event.pointerType !== 'touch') pointer(pointerMoved, event);
        }, early);
        addEventListener('pointerdown', (event) => pointer(pointerPressed, event), early);
        addEventListener('pointerup', (event) => {
            pointer(pointerReleased, event);
            // A finger that is gone hovers over nothing.
            if (event.pointerType === 'touch') pointer(pointerLeft, event);
        }, early);
        addEventListener('pointercancel', (event) => pointer(pointerLeft, event), early);
        document.documentElement.addEventListener('pointerleave', (event) => pointer(pointerLeft, event));
        addEventListener('keydown', (event) => {
            if (event.isComposing || event.defaultPrevented || event.key === 'Unidentified') return;
            const bits = modifierBits(event);
            const isUsed = withText(event.key, (key) => exports._crm_key(key, bits));
            if (isUsed) event.preventDefault();
            wake();
        });
        addEventListener('copy', (event) => {
            const isTyping = /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
            if (isTyping || String(getSelection()) !== '') return;
            const text = memory.take(exports._crm_copy());
            if (text === '') return;
            event.clipboardData.setData('text/plain', text);
            event.preventDefault();
        });
    }

    function typed(node, text) {
        withText(text, (pointerToText) => exports._crm_input(node, pointerToText));
        wake();
    }

    function activated(node, event) {
        exports._crm_activate(node, modifierBits(event));
        wake();
    }

    function focused(node, isRingShown) {
        exports._crm_focus(node, isRingShown ? 1 : 0);
        wake();
    }

    function scrolled(node, top) {
        exports._crm_scroll(node, top);
        wake();
    }

    // --- timers, requests, events

    function startTimer(timer, delay) {
        const isShort = delay <= shortTimerMs;
        if (isShort) timersPending += 1;
        setTimeout(() => {
            if (isShort) timersPending -= 1;
            exports._crm_timer(timer);
            wake();
        }, delay);
    }

    function reply(id, status, body) {
        requestsPending -= 1;
        const bytes = new TextEncoder().encode(body);
        withText(body, (text) => exports._crm_reply(id, status, text, bytes.length));
        wake();
    }

    let chosenFile = null;  // the one that the person chose last

    function chose(node, file) {
        chosenFile = file;
        typed(node, file.name);
    }

    function saveFrom(address, name = '') {
        const link = document.createElement('a');
        link.href = address;
        link.download = name;  // what the server calls it comes first
        link.click();
    }

    function saveText(name, text) {
        const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
        saveFrom(address, name);
        setTimeout(() => URL.revokeObjectURL(address), 60000);
    }

    async function startFetch(id, head, text, isFileSent) {
        const body = isFileSent ? chosenFile : text;
        const [method, path, ...lines] = head.split('\n');
        const headers = lines.map((line) => {
            const colon = line.indexOf(': ');
            return [line.slice(0, colon), line.slice(colon + 2)];
        });
        requestsPending += 1;
        let status = 0;
        let answer = '';
        try {
            const response = await fetch(path, {
                method, headers, body: body === '' || body === null ? undefined : body, cache: 'no-store',
                credentials: 'same-origin',
            });
            answer = await response.text();
            status = response.status;
        } catch {
            // No answer, or half of one: the state of things over there is unknown.
            status = 0;
            answer = '';
        }
        reply(id, status, answer);
    }

    function openStream(path, types) {
        let source = null;
        let retry = 0;
        const open = () => {
            source = new EventSource(path);
            source.addEventListener('open', () => streamChanged(0));
            source.addEventListener('error', () => {
                streamChanged(1);
                // The browser gives up on some answers for good; we do not.
                if (source.readyState === EventSource.CLOSED) {
                    clearTimeout(retry);
                    retry = setTimeout(open, 3000);
                }
            });
            for (const type of types) source.addEventListener(type, (event) => streamData(type, event.data));
        };
        open();
        addEventListener('pagehide', () => source.close());
    }

    function streamChanged(state) {
        exports._crm_stream(state);
        wake();
    }

    function streamData(type, data) {
        withText(type, (typeText) => withText(data, (dataText) => exports._crm_stream_data(typeText, dataText)));
        wake();
    }

    // --- the address, leaving, storage

    function setHash(hash, isReplacing) {
        if (hash === location.hash) return;
        if (isReplacing) history.replaceState(null, '', hash);
        else history.pushState(null, '', hash);
    }

    function watchAddress() {
        const tell = () => {
            withText(location.hash, (hash) => exports._crm_hash(hash));
            wake();
        };
        // popstate also comes for addresses that pushState made; hashchange for typed ones.
        addEventListener('popstate', tell);
        addEventListener('beforeunload', (event) => {
            if (isUnloadGuarded) event.preventDefault();
        });
        addEventListener('visibilitychange', () => { if (!document.hidden) wake(); });
    }

    function loadText(key) {
        try {
            return localStorage.getItem('contacts.' + key) ?? '';
        } catch {
            return '';  // storage is forbidden here
        }
    }

    function storeText(key, text) {
        try {
            localStorage.setItem('contacts.' + key, text);
        } catch {
            // Forbidden or full: the choice lasts until the page is closed.
        }
    }

    // --- text of other scripts, drawn by the browser

    const paper = document.createElement('canvas');

    function drawText(text, size, weight, density, rgba) {
        const pad = 4;  // tall scripts reach out of the line
        const context = paper.getContext('2d', { willReadFrequently: true });
        const font = `${weight} ${size}px Inter, system-ui, sans-serif`;
        context.font = font;
        const width = Math.min(Math.ceil(context.measureText(text).width) + 2, Math.floor(4096 / density));
        const height = Math.ceil(size * 1.2102) + 2 * pad;
        paper.width = Math.ceil(width * density);
        paper.height = Math.ceil(height * density);
        context.scale(density, density);
        context.font = font;
        context.fillStyle = '#' + rgba.toString(16).padStart(8, '0');
        context.textBaseline = 'alphabetic';
        context.fillText(text, 0, pad + size * 0.96875);
        return { canvas: paper, width: paper.width / density, height: paper.height / density };
    }

    // --- start

    function watchContext() {
        canvas().addEventListener('webglcontextlost', (event) => {
            event.preventDefault();
            isContextLost = true;
        });
        canvas().addEventListener('webglcontextrestored', () => {
            isContextLost = false;
            exports._crm_context_restored();
            wake();
        });
    }

    function connect(module, strings) {
        exports = module;
        memory = strings;
        contactsMirror.connect(document.getElementById('mirror'));
        watchSize();
        watchInput();
        watchAddress();
        watchContext();
        for (const query of queries) query.addEventListener('change', wake);
    }

    function showBasic() {
        document.documentElement.classList.add('basic');
    }

    // Resolves when no frame, no request and no short timer is pending.
    function idle() {
        return new Promise((resolve) => {
            const look = () => {
                const isBusy = !exports || framesDrawn === 0 || (isFrameWanted && !document.hidden) ||
                    requestsPending > 0 || timersPending > 0;
                if (isBusy) setTimeout(look, 4);
                else resolve();
            };
            setTimeout(look, 0);
        });
    }

    window.contacts = { idle, get frames() { return framesDrawn; } };

    return {
        activated, chose, connect, drawText, fetch: startFetch, focused, fonts: [], guardUnload(isOn) {
            isUnloadGuarded = isOn;
        }, loadText, openStream, preferences, saveFrom, saveText, scrolled, setHash, showBasic, startTimer, storeText, typed,
        viewport: () => view, wake, wakeAfter,
    };
})();
