import ora, { type Ora } from 'ora';
import type { Display } from './display.ts';

/** Without a terminal a line is printed at most this often, so that a log stays readable. */
const logEverySeconds = 5;

/** A live line for people at a terminal; plain lines, now and then, for logs. Honours NO_COLOR. */
export function terminalDisplay(stream: NodeJS.WriteStream, now: () => number): Display {
  return stream.isTTY ? liveDisplay(stream) : logDisplay(stream, now);
}

function liveDisplay(stream: NodeJS.WriteStream): Display {
  let title = '';
  let spinner: Ora | null = null;
  return {
    step(text) {
      title = text;
      // It heeds NO_COLOR in its symbols, but not in the spinner.
      spinner = ora({ text, stream, discardStdin: false, color: stream.hasColors() ? 'cyan' : false }).start();
    },
    update(text) {
      if (spinner) spinner.text = `${title}  ${text}`;
    },
    done(text, mark = 'well') {
      spinner?.[mark === 'well' ? 'succeed' : 'warn'](text ? `${title}  ${text}` : title);
      spinner = null;
    },
    failed(text) {
      if (spinner) spinner.fail(`${title}  ${text}`);
      else stream.write(`${text}\n`);
      spinner = null;
    },
  };
}

function logDisplay(stream: NodeJS.WriteStream, now: () => number): Display {
  let title = '';
  let last = { at: 0, text: '' };
  const write = (text: string) => stream.write(`${text}\n`);
  return {
    step(text) {
      title = text;
      last = { at: 0, text: '' };
      write(text);
    },
    update(text) {
      if (text === last.text || now() - last.at < logEverySeconds) return;
      last = { at: now(), text };
      write(`  ${text}`);
    },
    done(text) {
      if (text) write(`  ${title}: ${text}`);
    },
    failed(text) {
      write(`  ${title} failed: ${text}`);
    },
  };
}
