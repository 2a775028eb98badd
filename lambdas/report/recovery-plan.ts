import { count, secondsText, targetText } from '../analysis/format.ts';
import { isConclusive } from '../runs/run.ts';
import type { BehaviourResult, Rpo, Rto, ScenarioResult } from './report.schema.ts';

/** What the disaster recovery plan can say of each failure that was measured; nothing that was not. */
export const recoveryPlan = (results: readonly ScenarioResult[]): { scenario: ScenarioResult['id']; text: string }[] =>
  results
    .filter((r) => isConclusive(r) && r.fault.landed === true)
    .map((r) => ({ scenario: r.id, text: paragraph(r) }));

const paragraph = (r: ScenarioResult): string =>
  [
    `${r.setup.shortTitle} (${r.setup.trigger}).`,
    `Recovery action: ${r.setup.recovery}.`,
    returning(r.behaviours),
    recoveryTime(r.rto, r.rtoReason),
    detection(r.rto),
    data(r.rpo),
    ...before(r),
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');

function recoveryTime(rto: Rto | null, reason: string | null): string {
  if (!rto) return `The recovery time is not known: ${reason}.`;
  const from = rto.origin === 'kill' ? 'from the kill' : 'from the recovery action';
  const target =
    rto.targetSeconds === null ? 'no target' : `target ${targetText(rto.targetSeconds)}, ${metText[String(rto.met)]}`;
  if (rto.high === null)
    return `Plan for more than ${secondsText(rto.low)} ${from}: not recovered by then (${target}).`;
  const what = rto.basis === 'restore' ? 'Users notice nothing; it is over' : 'Users are served as before';
  return `${what} within ${secondsText(rto.high)} ${from} (measured ${secondsText(rto.seconds!)}; ${target}).`;
}

const metText: Record<string, string> = { true: 'met', false: 'missed', null: 'not shown to be met' };

function detection(rto: Rto | null): string | null {
  if (!rto) return null;
  return rto.detect === null
    ? 'Neither users nor the health check show it: it needs an alarm of its own.'
    : `It shows in the health check or to users ${secondsText(rto.detect)} after it began.`;
}

/** Who brings the application back, once the cause is gone. */
const ownRecovery = ['automatic-retry', 'recovery', 'supervisor-restart'];

function returning(behaviours: readonly BehaviourResult[]): string | null {
  const line = behaviours.find((b) => ownRecovery.includes(b.id));
  if (!line || line.observed === 'unknown' || line.observed === 'not-applicable') return null;
  return line.observed === 'yes'
    ? 'The application then returns by itself.'
    : `The application does not simply return by itself: ${line.evidence}.`;
}

function data(rpo: readonly Rpo[]): string {
  const measured = rpo.filter((r) => r.seconds !== null);
  if (measured.length === 0) return 'Loss of data is not known.';
  const lost = measured.filter((r) => r.lost > 0);
  if (lost.length === 0) {
    const writes = measured.map((r) => `${r.class} ${count(r.ackedWrites)}`).join(', ');
    return `No acknowledged write is lost (RPO 0 s; ${writes} read back).`;
  }
  const classes = lost.map(
    (r) =>
      `${r.class} up to ${secondsText(r.seconds!)}${r.censored ? ' or more' : ''} (${count(r.lost)} of ${count(r.ackedWrites)})`,
  );
  return `Acknowledged writes are lost: ${classes.join(', ')}.`;
}

/** A plan that rests on what is broken would not hold. */
function before({ recommendations }: ScenarioResult): string[] {
  const critical = recommendations.filter((r) => r.priority === 'P0').map((r) => r.text.replace(/\.$/, ''));
  return critical.length ? [`Before relying on it: ${critical.join('; ')}.`] : [];
}
