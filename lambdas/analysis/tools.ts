import type { RunEvent } from '../runs/run.ts';
import type { Evidence } from './evidence.ts';

/** What the run really used, and what it found, with its version: nothing is listed that did not say so itself. */
export function toolsOf({ events, generator, versions }: Evidence): string[] {
  const services = new Set(events.filter((e) => e.type === 'api-call').map((e) => String(e.detail.service)));
  return [
    ...named(generator?.versions ?? {}, 'load generation'),
    ...named(hostTools(events), 'managed host'),
    ...named(Object.assign({}, ...events.filter((e) => e.type === 'tools').map((e) => e.detail)), 'target'),
    ...named(versions ?? {}, 'Faultline itself'),
    ...[...services].map((s) => `AWS API: ${s}`),
  ];
}

const named = (versions: Record<string, unknown>, of: string) =>
  Object.entries(versions).flatMap(([name, version]) =>
    typeof version === 'string' && version !== '' ? [`${called(name, version)} (${of})`] : [],
  );

/** Some programs say their own name with their version. */
const called = (name: string, version: string) => (version.startsWith(name) ? version : `${name} ${version}`);

/** Every host said it before it was changed. */
function hostTools(events: readonly RunEvent[]): Record<string, unknown> {
  const original = events.find((e) => e.type === 'undo-written')?.detail.original as Original | undefined;
  return Object.assign({}, ...(original?.hosts ?? []).map((host) => host.before?.status?.tools ?? {}));
}

interface Original {
  hosts?: { before?: { status?: { tools?: Record<string, unknown> } } }[];
}
