// The elements over the canvas: real headings, links, buttons, fields and table rows at the place of what is
// drawn, with transparent text. Find, selection, links, focus, screen readers, IME and tests use these.
// The patch is described in client-wasm/views/mirror.h.
'use strict';

window.contactsMirror = (() => {
    // kind -> element, role, and where the name goes: its text, its label, or (area) its label if it has one.
    const kinds = {
        navigation: ['nav', null, 'area'],
        main: ['main', null, 'area'],
        banner: ['header', 'banner', 'area'],
        complementary: ['aside', 'complementary', 'area'],
        region: ['section', 'region', 'area'],
        group: ['div', 'group', 'area'],
        floating: ['div', 'group', 'area'],
        list: ['div', 'list', 'area'],
        listitem: ['div', 'listitem', 'area'],
        tablist: ['div', 'tablist', 'area'],
        form: ['div', 'form', 'area'],
        dialog: ['div', 'dialog', 'area'],
        scroll: ['div', null, 'area'],
        rows: ['div', 'rowgroup', 'area'],
        grid: ['div', 'grid', 'area'],
        row: ['div', 'row', 'area'],
        heading1: ['h1', null, 'text'],
        heading2: ['h2', null, 'text'],
        heading3: ['h3', null, 'text'],
        heading4: ['h4', null, 'text'],
        text: ['span', null, 'text'],
        label: ['label', null, 'text'],
        link: ['a', null, 'text'],
        button: ['button', null, 'text'],
        tab: ['button', 'tab', 'text'],
        checkbox: ['button', 'checkbox', 'label'],
        radio: ['button', 'radio', 'label'],
        columnheader: ['div', 'columnheader', 'text'],
        rowheader: ['div', 'rowheader', 'text'],
        gridcell: ['div', 'gridcell', 'text'],
        progress: ['div', 'progressbar', 'label'],
        'text-field': ['input', null, 'label', 'text'],
        'email-field': ['input', null, 'label', 'email'],
        'tel-field': ['input', null, 'label', 'tel'],
        'search-field': ['input', null, 'label', 'search'],
        'multiline-field': ['textarea', null, 'label'],
        select: ['select', null, 'label'],
        'file-field': ['input', null, 'label', 'file'],
    };
    // Attributes that are simply set; the others have a function below.
    const plain = {
        href: 'href', invalid: 'aria-invalid', description: 'aria-description', keys: 'aria-keyshortcuts',
        placeholder: 'placeholder', autocomplete: 'autocomplete', maxlength: 'maxlength', tab: 'tabindex', accept: 'accept',
        rowcount: 'aria-rowcount', colcount: 'aria-colcount', rowindex: 'aria-rowindex',
        colindex: 'aria-colindex', multiselect: 'aria-multiselectable', sort: 'aria-sort',
        selected: 'aria-selected', checked: 'aria-checked', now: 'aria-valuenow', required: 'aria-required',
    };
    const flags = {
        busy: 'aria-busy', pressed: 'aria-pressed', covered: 'data-covered', invalid: 'aria-invalid',
        required: 'aria-required',
    };

    const oneLiners = new Set(['text', 'label', 'link', 'gridcell', 'columnheader']);

    const nodes = new Map();  // id -> {element, kind, attributes}
    let root = null;
    let composing = null;     // the field in which an input method is at work
    const delayed = new Map();  // values that wait for its end
    let opener = null;        // what had focus before a dialog came

    function create(id, kind) {
        const [tag, role, , type] = kinds[kind];
        const element = document.createElement(tag);
        element.id = 'n' + id;
        element.className = 'm m-' + kind;
        if (role) element.setAttribute('role', role);
        if (type) element.type = type;
        if (tag === 'button') element.type = 'button';
        if (kind === 'dialog') element.setAttribute('aria-modal', 'true');
        if (kind === 'scroll' || kind === 'rows') {
            const spacer = document.createElement('div');
            spacer.className = 'm-spacer';
            spacer.setAttribute('role', 'presentation');
            element.append(spacer);
            element.addEventListener('scroll', () => contactsPlatform.scrolled(id, element.scrollTop),
                { passive: true });
        }
        return { id, element, kind, name: '', attributes: new Map() };
    }

    function setName(node, name) {
        const place = kinds[node.kind][2];
        const isIcon = node.attributes.has('icon');
        if (place === 'text' && !isIcon) {
            node.element.removeAttribute('aria-label');
            if (name !== '' || node.name !== '') node.element.textContent = name;
        } else if (name === '') {
            node.element.removeAttribute('aria-label');
        } else {
            node.element.setAttribute('aria-label', name);
        }
        if (node.kind === 'group' || node.kind === 'floating') {
            if (name === '') node.element.removeAttribute('role');
            else node.element.setAttribute('role', 'group');
        }
        node.name = name;
    }

    function setOptions(element, text) {
        const options = text.split('\n').map((label) => {
            const option = document.createElement('option');
            option.textContent = label;
            return option;
        });
        element.replaceChildren(...options);
    }

    function setAttribute(node, key, value) {
        const element = node.element;
        const isOn = value !== null && value !== '' && value !== '0';
        if (key in flags) {
            if (isOn) element.setAttribute(flags[key], 'true');
            else element.removeAttribute(flags[key]);
        } else if (key === 'selected' && node.kind === 'select') {
            element.selectedIndex = Number(value);
        } else if (key === 'selected' && node.kind === 'tab') {
            element.setAttribute('aria-selected', isOn ? 'true' : 'false');
        } else if (key in plain) {
            if (value === null) element.removeAttribute(plain[key]);
            else element.setAttribute(plain[key], value);
        } else if (key === 'disabled') {
            element.disabled = isOn;
        } else if (key === 'current') {
            if (isOn) element.setAttribute('aria-current', 'page');
            else element.removeAttribute('aria-current');
        } else if (key === 'outside') {
            element.target = isOn ? '_blank' : '';
            element.rel = isOn ? 'noopener noreferrer' : '';
        } else if (key === 'style') {
            element.classList.remove(...[...element.classList].filter((name) => name.startsWith('s-')));
            if (value !== null) element.classList.add('s-' + value);
        } else if (key === 'layer') {
            element.style.zIndex = value ?? '';
        } else if (key === 'for') {
            element.htmlFor = 'n' + value;
        } else if (key === 'indent') {
            element.style.textIndent = value === null ? '' : value + 'px';
        } else if (key === 'content') {
            element.firstElementChild.style.height = (value ?? 0) + 'px';
        } else if (key === 'options') {
            setOptions(element, value ?? '');
        }
    }

    function place(node, [left, top, width, height]) {
        const style = node.element.style;
        style.left = left + 'px';
        style.top = top + 'px';
        style.width = width + 'px';
        style.height = height + 'px';
        // One line stands in the middle of its box, as it is drawn.
        if (oneLiners.has(node.kind)) {
            const isOneLine = node.kind !== 'text' || Number(height) < 48 && !node.name.includes('\n');
            node.element.classList.toggle('m-lines', !isOneLine);
            style.lineHeight = isOneLine ? height + 'px' : '';
        }
    }

    function update(fields) {
        const [id, , kind, name] = fields;
        let node = nodes.get(id);
        if (node && node.kind !== kind) {
            remove(id);
            node = undefined;
        }
        if (!node) {
            node = create(id, kind);
            nodes.set(id, node);
        }
        const attributes = new Map();
        for (let at = 8; at + 1 < fields.length; at += 2) attributes.set(fields[at], fields[at + 1]);
        const before = node.attributes;
        node.attributes = attributes;
        for (const key of before.keys()) if (!attributes.has(key)) setAttribute(node, key, null);
        // An element may have changed by itself (a ticked checkbox), so equal values are set as well.
        for (const [key, value] of attributes) {
            if (key !== 'options' || before.get(key) !== value) setAttribute(node, key, value);
        }
        if (name !== node.name || before.has('icon') !== attributes.has('icon')) setName(node, name);
        place(node, fields.slice(4, 8));
    }

    function remove(id) {
        const node = nodes.get(id);
        if (!node) return;
        nodes.delete(id);
        delayed.delete(id);
        node.element.remove();
    }

    function order(parentId, list) {
        const parent = parentId === '0' ? root : nodes.get(parentId)?.element;
        if (!parent) return;
        const focused = document.activeElement;
        let next = parent.firstElementChild;
        while (next && next.classList.contains('m-spacer')) next = next.nextElementSibling;
        for (const id of list === '' ? [] : list.split(',')) {
            const element = nodes.get(id)?.element;
            if (!element) continue;
            if (element === next) next = next.nextElementSibling;
            else parent.insertBefore(element, next);
        }
        // Moving an element takes focus from it.
        if (focused && focused !== document.activeElement && focused.isConnected && focused !== document.body) {
            focused.focus({ preventScroll: true });
        }
    }

    function setValue(id, value) {
        const element = nodes.get(id)?.element;
        if (!element || element.value === value) return;
        if (composing === element) delayed.set(id, value);
        else element.value = value;
    }

    function giveFocus(id, option) {
        const element = nodes.get(id)?.element;
        if (!element) return;
        if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) element.tabIndex = -1;
        element.focus({ preventScroll: option === 'keep-scroll' });
    }

    function say(politeness, text) {
        const region = document.getElementById(politeness === 'assertive' ? 'alert' : 'status');
        // Emptied first: the same words again are news again.
        region.textContent = '';
        region.textContent = text;
    }

    // A dialog takes focus and the rest of the page becomes inert; when it goes, focus goes back to `before`, which
    // had it until then: a field of the dialog may have taken it already.
    function watchDialogs(before) {
        const dialogs = [...root.children].filter((child) => child.classList.contains('m-dialog'));
        const open = dialogs[dialogs.length - 1];
        for (const child of root.children) {
            child.inert = Boolean(open) && child !== open;
        }
        if (open && !open.contains(before)) opener = opener ?? before;
        if (open && !open.contains(document.activeElement)) {
            const first = open.querySelector('input, textarea, select, button:not([disabled]), a');
            (first ?? open).focus();
        } else if (!open && opener) {
            if (opener.isConnected && document.activeElement === document.body) opener.focus();
            opener = null;
        }
    }

    function apply(patch) {
        const before = document.activeElement;
        for (const record of patch.split('\x1e')) {
            if (record === '') continue;
            const fields = record.split('\x1f');
            const operation = fields.shift();
            if (operation === 'n') update(fields);
            else if (operation === 'r') remove(fields[0]);
            else if (operation === 'c') order(fields[0], fields[1]);
            else if (operation === 'v') setValue(fields[0], fields[1]);
            else if (operation === 's') scroll(fields[0], fields[1]);
            else if (operation === 'f') giveFocus(fields[0], fields[1]);
            else if (operation === 'a') say(fields[0], fields[1]);
        }
        watchDialogs(before);
    }

    function scroll(id, top) {
        const element = nodes.get(id)?.element;
        if (element) element.scrollTop = Number(top);
    }

    function idOf(element) {
        const owner = element?.closest?.('.m');
        return owner ? Number(owner.id.slice(1)) : 0;
    }

    // What a click on this element means: the nearest thing that can be clicked.
    function clickable(target) {
        return target.closest('a.m, button.m, .m-columnheader[aria-sort], .m-row');
    }

    function clicked(event) {
        const element = clickable(event.target);
        if (!element) return;
        const isLink = element.tagName === 'A';
        const isModified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
        if (isLink && (isModified || element.target === '_blank')) return;  // the browser's
        if (element.classList.contains('m-row') && String(getSelection()) !== '') return;  // text was selected
        if (isLink) event.preventDefault();
        if (element.classList.contains('m-checkbox')) {
            // Shown at once; the program confirms or corrects it with its next frame.
            const isOn = element.getAttribute('aria-checked') === 'true';
            element.setAttribute('aria-checked', isOn ? 'false' : 'true');
        }
        contactsPlatform.activated(idOf(element), event);
    }

    function connect(element) {
        root = element;
        root.addEventListener('click', clicked);
        root.addEventListener('input', (event) => {
            if (event.target.tagName === 'SELECT' || event.target.type === 'file') return;
            contactsPlatform.typed(idOf(event.target), event.target.value);
        });
        root.addEventListener('change', (event) => {
            if (event.target.type === 'file') {
                const [file] = event.target.files;
                if (file) contactsPlatform.chose(idOf(event.target), file);
                return;
            }
            if (event.target.tagName !== 'SELECT') return;
            contactsPlatform.typed(idOf(event.target), String(event.target.selectedIndex));
        });
        root.addEventListener('compositionstart', (event) => { composing = event.target; });
        root.addEventListener('compositionend', () => {
            composing = null;
            for (const [id, value] of delayed) setValue(id, value);
            delayed.clear();
        });
        root.addEventListener('focusin', (event) => {
            contactsPlatform.focused(idOf(event.target), event.target.matches(':focus-visible'));
        });
        root.addEventListener('focusout', (event) => {
            if (!event.relatedTarget) contactsPlatform.focused(0, false);
        });
        // The address after '#' is a screen's: the skip link moves focus by itself.
        document.querySelector('.skip').addEventListener('click', (event) => {
            event.preventDefault();
            const main = root.querySelector('.m-main');
            if (!main) return;
            main.tabIndex = -1;
            main.focus();
        });
        // Elements that are no buttons still answer to Enter and Space.
        root.addEventListener('keydown', (event) => {
            const isHeader = event.target.classList?.contains('m-columnheader');
            if (isHeader && (event.key === 'Enter' || event.key === ' ')) {
                event.preventDefault();
                event.target.click();
            }
        });
    }

    return { apply, connect };
})();
