import { createHash } from 'node:crypto';

/** Postgres cuts an application_name to this many bytes. */
const longest = 63;
const prefix = 'faultline-slow-';

/** What the sessions of a run call themselves: each run another name, however long its id is. */
export function sessionName(runId: string): string {
  const name = `${prefix}${runId}`;
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(runId).digest('hex').slice(0, 16);
  return `${name.slice(0, longest - hash.length - 1)}-${hash}`;
}
