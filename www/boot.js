// Starts the page and its worker, then shuts the network for good.
//
// What the page's program finds here:
//   openDesk()            a promise of a fresh worker that already holds its program; rejects with what went wrong
//   'locked' on document  and a performance mark of that name: from here on nothing can be fetched
// A failure is told in an element #failed before everything else.
//
// Written in old syntax, so that an old browser comes as far as being told that it is old.
'use strict';
{
  const own = document.currentScript.dataset;

  // The colours that the reader once chose, before the first card is drawn.
  try {
    const theme = localStorage.getItem('undelivered.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch (_) { /* no store: the system's colours */ }

  const worker = { js: 'worker.js', wasm: 'worker_bg.wasm' };
  const base = new URL('.', document.currentScript.src);

  // Bulk memory, reference types, saturating conversions and sign extension in one small module.
  const probe = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 10, 29, 1, 27, 0,
    208, 111, 26, 65, 0, 65, 0, 65, 0, 252, 10, 0, 0, 67, 0, 0, 0, 0, 252, 0, 26, 65, 0, 192, 26, 11]);
  const able = typeof WebAssembly === 'object' && WebAssembly.validate(probe);

  const awaited = new Set();
  const load = (url) => {
    const name = new URL(url, base).pathname.split('/').pop();
    awaited.add(name);
    return fetch(new URL(url, base)).then((got) => {
      if (!got.ok) throw new Error(`${name} came back as HTTP ${got.status}. Is the whole folder on the server?`);
      return got.arrayBuffer().then((bytes) => {
        awaited.delete(name);
        return { name, bytes, type: got.headers.get('content-type') || 'an unnamed type' };
      });
    }, () => { throw new Error(`${name} could not be fetched. Is the server reachable, and is this page not opened as a file?`); });
  };
  // Not compileStreaming: that would need the host to send the right type.
  const compile = ({ name, bytes, type }) => {
    const start = new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength));
    if (String(start) !== '0,97,115,109') throw new Error(`${name} came back as ${type}, not as WebAssembly. The server must send the file as it is.`);
    return WebAssembly.compile(bytes);
  };

  // Policies only add up, and removing the element does not undo it: no script can open the network again.
  const lock = () => {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'Content-Security-Policy';
    meta.content = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; style-src 'self'; img-src data: blob:; "
      + "form-action 'none'; base-uri 'none'";
    document.head.append(meta);
    performance.mark('locked');
    document.dispatchEvent(new Event('locked'));
  };

  // A worker from a blob inherits the policy in force when it is made; one from a URL would not be bound by it.
  const trusted = window.trustedTypes ? trustedTypes.createPolicy('desk', { createScriptURL: (url) => url }) : { createScriptURL: (url) => url };
  const start = '\nonmessage = ({ data }) => { onmessage = null; wasm_bindgen.initSync({ module: data }); };';
  const maker = (glue, module) => {
    const url = URL.createObjectURL(new Blob([glue, start], { type: 'text/javascript' }));
    return () => {
      const desk = new Worker(trusted.createScriptURL(url));
      desk.postMessage(module);
      return desk;
    };
  };

  const fail = (error) => {
    const note = document.getElementById('failed') || document.createElement('p');
    note.id = 'failed';
    note.className = 'note stop';
    note.setAttribute('role', 'alert');
    note.textContent = error.message;
    document.body.prepend(note);
  };
  // From here on this file tells what is wrong; the line for the case that it never comes is not needed.
  document.querySelectorAll('.late').forEach((line) => line.remove());
  const slow = setTimeout(() => {
    fail(new Error(`The decoder has not started after 8 seconds. Still waiting for ${Array.from(awaited).join(', ') || 'the browser to compile it'}.`));
  }, 8000);

  const begin = () => {
    if (!able) throw new Error('This browser is too old. It needs Chrome or Edge 97, Firefox 102, Safari 16, or newer.');
    if (typeof wasm_bindgen !== 'function') throw new Error('Its script did not load. Is the whole folder on the server, unchanged?');
    const page = load(own.wasm).then(compile);
    const files = Promise.all([page, load(worker.js), load(worker.wasm).then(compile)]);
    const desk = files.then(([, glue, module]) => { lock(); return maker(glue.bytes, module); });
    window.openDesk = () => desk.then((make) => make());
    const painted = page.then((module) => wasm_bindgen({ module_or_path: module })).then(() => performance.mark('painted'));
    return Promise.all([painted, desk]).then(() => {
      const note = document.getElementById('failed');
      if (note) note.remove();
    });
  };
  Promise.resolve().then(begin)
    .catch((error) => fail(new Error(`The decoder did not start. ${error.message}`)))
    .then(() => clearTimeout(slow));
}
