// Reads email bounces: why, whose move it is, what to do next. Types, units and errors: undelivered.d.ts.
import start, * as program from './program.js';

const encoder = new TextEncoder();
let started;
let ready = false;
let broken;

/** An Error that carries a `code` for programs beside its message for people. */
function failure(code, message, more) {
  return Object.assign(new Error(message), { code, ...more });
}

/** The program beside this file. Node's fetch does not read files. */
async function beside() {
  const url = new URL('./undelivered.wasm', import.meta.url);
  if (url.protocol !== 'file:' || !globalThis.process?.versions?.node) return url;
  const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
  return readFile(url);
}

async function load(source) {
  try {
    await start({ module_or_path: source ?? await beside() });
    ready = true;
  } catch (error) {
    started = undefined;
    throw failure('load_failed', `The decoder could not be loaded: ${error.message}`, { cause: error });
  }
}

export function init(source) {
  started ??= load(source);
  return started;
}

/** Calls into the program, which throws a string where the rules have faults. Once it has died, its memory cannot be trusted. */
function call(work) {
  if (!ready) throw failure('not_initialized', 'Await init() before the first call.');
  if (broken) throw failure('crashed', 'The decoder died in an earlier call; load the module anew.', { cause: broken });
  try {
    return JSON.parse(work());
  } catch (error) {
    if (typeof error === 'string') throw faulty(JSON.parse(error));
    broken = error;
    throw failure('crashed', `The decoder died: ${error.message}`, { cause: error });
  }
}

function faulty(faults) {
  const lines = faults.map(({ line, rule, reason }) => `line ${line}: ${rule ? `rule ${rule}: ` : ''}${reason}`);
  return failure('bad_rules', lines.join('\n'), { faults });
}

function bytesOf(input) {
  if (typeof input === 'string') return encoder.encode(input);
  if (input instanceof Uint8Array) return input;
  throw failure('bad_input', 'The input must be a string or a Uint8Array.');
}

function rulesOf({ rules } = {}) {
  if (rules === undefined || rules === null || typeof rules === 'string') return rules;
  throw failure('bad_input', 'The rules must be a string of TOML.');
}

export function decodeAll(input, options) {
  const [bytes, rules] = [bytesOf(input), rulesOf(options)];
  return call(() => program.decode(bytes, rules));
}

export function decode(input, options) {
  return decodeAll(input, options)[0];
}

export function version() {
  return call(() => program.version());
}
