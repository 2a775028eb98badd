import type { ExecutionStep } from '../report/report.schema.ts';
import type { RunEvent } from '../runs/run.ts';
import type { Evidence } from './evidence.ts';

const secretName = /pass(word|wd)|secret|token|credential|private.?key|api.?key/i;
/** Tokens that make a call idempotent or page through a list are no secrets. */
const harmless = /^(client|next|idempotency)token$/i;
const isSecret = (name: string) => secretName.test(name) && !harmless.test(name);
const hidden = '(hidden)';
const longest = 600;

const phaseNames: Record<string, string> = {
  load: 'start the load and wait for every worker',
  baseline: 'measure the baseline',
  inject: 'inject the fault and prove that it landed',
  fault: 'hold the fault',
  revert: 'revert the fault and prove that it is gone',
  recovery: 'wait for steady state',
  after: 'measure afterwards',
  verify: 'read the acknowledged writes back',
};

/** What was really done, in order: phases, proofs, and each call with its request id. Values of secrets are hidden. */
export function executionOf(evidence: Pick<Evidence, 'events' | 'scenario' | 'locustCommand'>): ExecutionStep[] {
  return [...evidence.events].sort((a, b) => a.at - b.at).flatMap((e) => stepOf(e, evidence) ?? []);
}

function stepOf(
  { at, type, detail }: RunEvent,
  { scenario, locustCommand }: Pick<Evidence, 'scenario' | 'locustCommand'>,
): ExecutionStep | null {
  const step = (what: string, command: string | null = null, requestId: string | null = null): ExecutionStep => ({
    at,
    what,
    command,
    requestId,
  });
  switch (type) {
    case 'phase': {
      const what = phaseNames[String(detail.phase)];
      if (!what) return null;
      if (detail.phase === 'fault' && !scenario.fault) return step('measure during, with no fault');
      return step(what, detail.phase === 'load' && locustCommand ? oneLine(locustCommand) : null);
    }
    case 'api-call': {
      const error = detail.error ? ` failed: ${String(detail.error)}` : '';
      const what = `${String(detail.service)} ${String(detail.operation)}${error}`;
      return step(what, callText(detail), detail.requestId ? String(detail.requestId) : null);
    }
    case 'fault-landed':
      return step(`fault landed: ${textOf(detail.proof)}`);
    case 'fault-gone':
      return step(`fault gone: ${textOf(detail.proof)}`);
    case 'fault-not-proven':
      return step(`not proven: ${textOf(detail.detail)}`);
    case 'stop':
      return step(`stop requested by ${textOf(detail.by)}: ${textOf(detail.reason)}`);
    case 'error':
      return step(`error in ${textOf(detail.state)}: ${textOf(detail.error)}`);
    case 'recovered':
      return step('back in steady state');
    default:
      return null;
  }
}

const oneLine = (s: string) => s.replace(/\s+/g, ' ').trim();
const shorten = (s: string) => (s.length > longest ? `${s.slice(0, longest)}…` : s);

/** A value of an event's detail as text. */
export const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? 'not recorded'
    : shorten(typeof value === 'string' ? value : JSON.stringify(redact(value)));

function callText(detail: RunEvent['detail']): string {
  const command = commandOf(detail.parameters);
  const call = `${String(detail.service)} ${String(detail.operation)} ${textOf(detail.parameters ?? {})}`;
  return command ? `${call}\n${command}` : call;
}

/** Values whose name looks like a secret's are hidden; ECS' `{name, value}` pairs too. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const pairName = (value as { name?: unknown }).name;
  return Object.fromEntries(
    entries.map(([key, v]) => {
      const secretPair = key === 'value' && typeof pairName === 'string' && isSecret(pairName);
      return [key, isSecret(key) || secretPair ? hidden : redact(v)];
    }),
  );
}

interface ContainerOverride {
  command?: unknown;
  environment?: unknown;
}

/**
 * The Locust command of a RunTask call, from its overrides: its own words where it has a command, else Locust's
 * settings as the environment variables that Locust reads (`LOCUST_USERS` is `--users`).
 */
function commandOf(parameters: unknown): string | null {
  const overrides = (parameters as { overrides?: { containerOverrides?: ContainerOverride[] } } | null)?.overrides;
  for (const { command, environment } of overrides?.containerOverrides ?? []) {
    const words = Array.isArray(command) ? command.map(String) : [];
    const variables = (Array.isArray(environment) ? environment : [])
      .map((e) => e as { name?: unknown; value?: unknown })
      .filter((e) => String(e.name).startsWith('LOCUST_') && !isSecret(String(e.name)))
      .map((e) => `${String(e.name)}=${String(e.value)}`);
    const isLocust = variables.length > 0 || words.some((w) => /locust|--master|--worker/.test(w));
    if (isLocust)
      return oneLine(
        [...(words.length ? [] : ['# settings of Locust in this call:']), ...variables, ...words].join(' '),
      );
  }
  return null;
}
