// The functions that C++ calls (client-wasm/platform/browser_calls.h). Texts arrive as pointer and length and
// are decoded here; all behaviour is in platform.js and mirror.js. DO NOT RENAME one side only.
mergeInto(LibraryManager.library, {
    $crmText: function (pointer, bytes) {
        return new TextDecoder().decode(HEAPU8.subarray(pointer, pointer + bytes));
    },
    // A malloc'ed, zero-terminated copy; the caller frees it.
    $crmGive__deps: ['malloc'],
    $crmGive: function (text) {
        const bytes = new TextEncoder().encode(text);
        const pointer = _malloc(bytes.length + 1);
        HEAPU8.set(bytes, pointer);
        HEAPU8[pointer + bytes.length] = 0;
        return pointer;
    },

    js_open_window__deps: ['$crmGive'],
    js_open_window: function () {
        // The exports take zero-terminated texts; this is how platform.js passes them.
        contactsPlatform.connect(Module, {
            give: crmGive,
            free: function (pointer) { _free(pointer); },
            take: function (pointer) {
                let end = pointer;
                while (HEAPU8[end] !== 0) end += 1;
                const text = new TextDecoder().decode(HEAPU8.subarray(pointer, end));
                _free(pointer);
                return text;
            },
        });
    },
    js_viewport_width: function () { return contactsPlatform.viewport().width; },
    js_viewport_height: function () { return contactsPlatform.viewport().height; },
    js_density: function () { return contactsPlatform.viewport().density; },
    js_preferences: function () { return contactsPlatform.preferences(); },
    js_wall_clock_ms: function () { return Date.now(); },
    js_no_canvas: function () { contactsPlatform.showBasic(); },

    js_apply_mirror__deps: ['$crmText'],
    js_apply_mirror: function (patch, bytes) { contactsMirror.apply(crmText(patch, bytes)); },

    js_wake: function () { contactsPlatform.wake(); },
    js_wake_after: function (delay) { contactsPlatform.wakeAfter(delay); },
    js_start_timer: function (timer, delay) { contactsPlatform.startTimer(timer, delay); },

    js_hash__deps: ['$crmGive'],
    js_hash: function () { return crmGive(location.hash); },
    js_set_hash__deps: ['$crmText'],
    js_set_hash: function (hash, bytes, replacing) {
        contactsPlatform.setHash(crmText(hash, bytes), replacing !== 0);
    },
    js_leave_to__deps: ['$crmText'],
    js_leave_to: function (address, bytes) { location.assign(crmText(address, bytes)); },
    js_guard_unload: function (guarded) { contactsPlatform.guardUnload(guarded !== 0); },
    js_set_title__deps: ['$crmText'],
    js_set_title: function (title, bytes) { document.title = crmText(title, bytes); },
    js_show_theme__deps: ['$crmText'],
    js_show_theme: function (theme, bytes) {
        document.documentElement.dataset.theme = crmText(theme, bytes);
    },

    js_load_text__deps: ['$crmText', '$crmGive'],
    js_load_text: function (key, bytes) { return crmGive(contactsPlatform.loadText(crmText(key, bytes))); },
    js_store_text__deps: ['$crmText'],
    js_store_text: function (key, keyBytes, text, textBytes) {
        contactsPlatform.storeText(crmText(key, keyBytes), crmText(text, textBytes));
    },

    js_fetch__deps: ['$crmText'],
    js_fetch: function (id, request, requestBytes, body, bodyBytes, isFileSent) {
        contactsPlatform.fetch(id, crmText(request, requestBytes), crmText(body, bodyBytes), isFileSent !== 0);
    },
    js_save_from__deps: ['$crmText'],
    js_save_from: function (path, bytes) { contactsPlatform.saveFrom(crmText(path, bytes)); },
    js_save_text__deps: ['$crmText'],
    js_save_text: function (name, nameBytes, text, textBytes) {
        contactsPlatform.saveText(crmText(name, nameBytes), crmText(text, textBytes));
    },
    js_open_stream__deps: ['$crmText'],
    js_open_stream: function (path, pathBytes, types, typesBytes) {
        contactsPlatform.openStream(crmText(path, pathBytes), crmText(types, typesBytes).split('\n'));
    },

    js_draw_text__deps: ['$crmText', '$GL'],
    js_draw_text: function (text, bytes, size, weight, density, rgba, sizes) {
        const image = contactsPlatform.drawText(crmText(text, bytes), size, weight, density, rgba >>> 0);
        HEAPF32[sizes >> 2] = image.width;
        HEAPF32[(sizes >> 2) + 1] = image.height;
        const texture = GLctx.createTexture();
        const name = GL.getNewId(GL.textures);
        texture.name = name;
        GL.textures[name] = texture;
        GLctx.bindTexture(GLctx.TEXTURE_2D, texture);
        GLctx.pixelStorei(GLctx.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
        GLctx.texImage2D(GLctx.TEXTURE_2D, 0, GLctx.RGBA, GLctx.RGBA, GLctx.UNSIGNED_BYTE, image.canvas);
        GLctx.texParameteri(GLctx.TEXTURE_2D, GLctx.TEXTURE_MIN_FILTER, GLctx.LINEAR);
        GLctx.texParameteri(GLctx.TEXTURE_2D, GLctx.TEXTURE_MAG_FILTER, GLctx.LINEAR);
        GLctx.texParameteri(GLctx.TEXTURE_2D, GLctx.TEXTURE_WRAP_S, GLctx.CLAMP_TO_EDGE);
        GLctx.texParameteri(GLctx.TEXTURE_2D, GLctx.TEXTURE_WRAP_T, GLctx.CLAMP_TO_EDGE);
        return name;
    },
    js_release_texture__deps: ['$GL'],
    js_release_texture: function (name) {
        const texture = GL.textures[name];
        if (!texture) return;
        GLctx.deleteTexture(texture);
        GL.textures[name] = null;
    },

    js_font__deps: ['malloc'],
    js_font: function (file, size) {
        const bytes = contactsPlatform.fonts[file];
        if (!bytes) return 0;
        const pointer = _malloc(bytes.length);
        HEAPU8.set(bytes, pointer);
        HEAP32[size >> 2] = bytes.length;
        contactsPlatform.fonts[file] = null;
        return pointer;
    },
});
