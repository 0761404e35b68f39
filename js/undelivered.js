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

function alive() {
  if (!ready) throw failure('not_initialized', 'Await init() before the first call.');
  if (broken) throw failure('crashed', 'The decoder died in an earlier call; load the module anew.', { cause: broken });
}

/** Calls into the program, which throws a string where the rules have faults. Once it has died, its memory cannot be trusted. */
function call(work) {
  alive();
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

const PEOPLE = 10_000;
const OPTIONS = ['map', 'preset', 'gates', 'sent', 'dayOrder', 'timeZone', 'trustedDomains', 'rules'];

function optionsOf(options) {
  const given = Object.entries(options).filter(([name, value]) => name !== 'signal' && value !== undefined && value !== null);
  const unknown = given.find(([name]) => !OPTIONS.includes(name));
  if (unknown) throw failure('bad_input', `There is no option ${unknown[0]}; there are ${OPTIONS.join(', ')} and signal.`);
  return JSON.stringify({ ...Object.fromEntries(given), now: Math.floor(Date.now() / 1000) });
}

/** Feeds a file to the program piece by piece. */
async function read(reading, file, bytes, before, signal, onProgress) {
  reading.open(file.name ?? 'blob', file.size);
  const reader = file.stream().getReader();
  let [done, told] = [before, Date.now()];
  for (;;) {
    const piece = await reader.read();
    if (signal?.aborted) {
      await reader.cancel();
      throw failure('aborted', 'The analysis was stopped.', { cause: signal.reason });
    }
    if (piece.done) break;
    reading.feed(piece.value);
    done += piece.value.byteLength;
    if (onProgress && Date.now() - told >= 250) {
      told = Date.now();
      onProgress({ bytes: done, totalBytes: bytes, rows: reading.rows(), finding: JSON.parse(reading.finding()) });
    }
  }
  reading.close();
}

/** Everyone with a bounce, fetched from the program as they are asked for. */
async function* people(reading) {
  for (let from = 0; ; from += PEOPLE) {
    const rows = reading.decisions(from, PEOPLE);
    if (rows === undefined) return;
    yield* JSON.parse(rows);
  }
}

export async function analyzeCsv(file, options = {}, onProgress) {
  const files = Array.isArray(file) ? file : [file];
  if (!files.length || !files.every((one) => one instanceof Blob)) throw failure('bad_input', 'The input must be a Blob, a File, or several.');
  alive();
  const reading = begin(optionsOf(options));
  const bytes = files.reduce((sum, one) => sum + one.size, 0);
  let before = 0;
  for (const one of files) {
    await read(reading, one, bytes, before, options.signal, onProgress);
    before += one.size;
  }
  const trouble = reading.trouble();
  if (trouble !== undefined) throw failure('no_rows', trouble);
  const analysis = call(() => reading.analysis());
  onProgress?.({ bytes, totalBytes: bytes, rows: analysis.rows.read, finding: analysis.findings[0] ?? null });
  const told = analysis.decisions;
  analysis.decisions = Object.assign(() => people(reading), told, { toJSON: () => told });
  return analysis;
}

function begin(options) {
  try {
    return new program.Reading(options);
  } catch (error) {
    const told = typeof error === 'string' ? JSON.parse(error) : error.message;
    throw Array.isArray(told) ? faulty(told) : failure('bad_input', `The options cannot be read: ${told}`);
  }
}

export function version() {
  return call(() => program.version());
}
