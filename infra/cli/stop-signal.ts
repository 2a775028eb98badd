/** What a person at the terminal, or a supervisor, asked for. */
export interface StopSignal {
  /** Aborted at the first Ctrl-C, SIGTERM or SIGHUP, or when the parent process has gone. */
  readonly asked: AbortSignal;
  /** Aborted at the second one: leave at once; the local stack takes every process with it. */
  readonly insisted: AbortSignal;
  reason(): string;
  dispose(): void;
}

/** npm passes a terminal's Ctrl-C on to a process that has had it already: what comes within this time is the same one. */
const sameMs = 1000;
const parentPollMs = 1000;

export function stopSignal(): StopSignal {
  const asked = new AbortController();
  const insisted = new AbortController();
  let reason = '';
  let askedAt = 0;
  const ask = (why: string) => {
    if (!asked.signal.aborted) {
      reason = why;
      askedAt = Date.now();
      asked.abort();
    } else if (Date.now() - askedAt > sameMs) insisted.abort();
  };
  const listeners = Object.entries({ SIGINT: 'Ctrl-C', SIGTERM: 'SIGTERM', SIGHUP: 'the terminal closed' }).map(
    ([name, why]): [string, () => void] => [name, () => ask(why)],
  );
  for (const [name, listener] of listeners) process.on(name, listener);
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    ask('the process that started it has ended');
  }, parentPollMs);
  poll.unref();
  return {
    asked: asked.signal,
    insisted: insisted.signal,
    reason: () => reason,
    dispose() {
      clearInterval(poll);
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}
