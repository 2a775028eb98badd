import type { ChecklistItem } from '../report/report.schema.ts';
import type { RunEvent } from '../runs/run.ts';
import { secondsText } from './format.ts';

/** Documents that look at a host and change nothing of what is tested. */
const onlyLooks = /-(Status|Sampler)$/;

/**
 * Whether the way back was written down before anything was changed: the undo record's time against the injection's
 * first call that changes something. Nothing where nothing was injected.
 */
export function rollbackItem(events: readonly RunEvent[], scenario: string): ChecklistItem[] {
  const from = events.find((e) => e.type === 'phase' && e.detail.phase === 'inject')?.at;
  if (from === undefined) return [];
  const call = events.filter((e) => e.at >= from && isMutation(e)).sort((a, b) => a.at - b.at)[0];
  if (!call) return [];
  const name = `${String(call.detail.service)} ${String(call.detail.operation)}`;
  const undo = events.find((e) => e.type === 'undo-written')?.at;
  const item = 'Prepare rollback procedures';
  if (undo === undefined || undo > call.at) {
    return [{ item, done: false, evidence: `${scenario}: no undo record before the first call, ${name}` }];
  }
  const evidence = `${scenario}: undo record ${secondsText(call.at - undo)} before the first call, ${name}`;
  return [{ item, done: true, evidence }];
}

function isMutation({ type, detail }: RunEvent): boolean {
  if (type !== 'api-call') return false;
  const { DocumentName } = Object(detail.parameters) as { DocumentName?: unknown };
  return !(typeof DocumentName === 'string' && onlyLooks.test(DocumentName));
}
