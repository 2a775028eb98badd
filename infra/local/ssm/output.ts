const [stdoutLimit, stderrLimit] = [24_000, 8_000];
const cutMark = '--output truncated--';

/** As GetCommandInvocation has it: the first 24,000 characters, the agent's mark included. */
export const cutStdout = (text: string) => cut(text, stdoutLimit);
/** As GetCommandInvocation has it: the first 8,000 characters, the agent's mark included. */
export const cutStderr = (text: string) => cut(text, stderrLimit);

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit - cutMark.length) + cutMark;
}

const summaryLimit = 2_500;
const errorTitle = '\n----------ERROR-------\n';
const [outputCut, errorCut] = ['\n---Output truncated---', '\n---Error truncated----'];

/**
 * As a step of ListCommandInvocations has it: both streams in 2,500 characters. Where they do not fit the longer one is
 * cut, and each to its half when neither fits into one.
 */
export function summary(stdout: string, stderr: string): string {
  const title = stderr === '' ? '' : errorTitle;
  const room = summaryLimit - title.length;
  if (stdout.length + stderr.length < room) return stdout + title + stderr;
  if (stdout.length > room / 2 && stderr.length > room / 2) {
    const half = Math.floor((room - outputCut.length - errorCut.length) / 2);
    return stdout.slice(0, half) + outputCut + title + stderr.slice(0, half) + errorCut;
  }
  return stdout.length <= room / 2
    ? stdout + title + stderr.slice(0, room - errorCut.length - stdout.length) + errorCut
    : stdout.slice(0, room - outputCut.length - stderr.length) + outputCut + title + stderr;
}
