import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailed, runCommand } from '../../../../infra/local/setup/run-command.ts';
import { eventually, isAlive } from '../probe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-command-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const shell = (script: string, options = {}) => runCommand(['/bin/sh', '-c', script], options);

test('returns what the program printed, on both streams', async () => {
  expect((await shell('echo out; echo err >&2')).split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('passes whole lines on as they come, however they were written', async () => {
  const lines: string[] = [];
  await shell("printf 'one li'; sleep 0.1; printf 'ne\\n\\n  two  \\nthr'; sleep 0.1; printf 'ee'", {
    onLine: (line: string) => lines.push(line),
  });
  expect(lines).toEqual(['one line', 'two', 'three']);
});

test('a program that fails is named with its status and the end of what it said', async () => {
  const failed = shell('seq 1 40; exit 7');
  await expect(failed).rejects.toThrow(CommandFailed);
  await expect(failed).rejects.toThrow(/failed with status 7:\n29\n[\s\S]*\n40$/);
});

test('a program that is not there is named', async () => {
  await expect(runCommand(['/nowhere/program'])).rejects.toThrow(/^\/nowhere\/program failed .*\n.*ENOENT/);
});

test('a stop ends the program and those that it started', async () => {
  const stop = new AbortController();
  const file = join(folder, 'pids');
  const running = shell(`sleep 60 & echo $! > ${file}; echo $$ >> ${file}; wait`, { signal: stop.signal });
  running.catch(() => undefined);
  const pids = await eventually('both have written their pids', async () => {
    const text = readFileSync(file, { encoding: 'utf8', flag: 'a+' }).trim().split('\n');
    return text.length === 2 && text.map(Number);
  });
  expect(pids.every(isAlive)).toBe(true);
  stop.abort();
  await expect(running).rejects.toThrow(CommandFailed);
  await eventually('both have ended', async () => !pids.some(isAlive), 5);
});

test('a stop from before keeps the program from starting', async () => {
  const signal = AbortSignal.abort();
  await expect(shell(`touch ${join(folder, 'made')}`, { signal })).rejects.toThrow('not started');
  expect(() => readFileSync(join(folder, 'made'))).toThrow();
});

test('a stop after the end is no error', async () => {
  const stop = new AbortController();
  await shell('true', { signal: stop.signal });
  expect(() => stop.abort()).not.toThrow();
});
