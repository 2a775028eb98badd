import { targetText } from '../format.ts';
import { rtoOf } from '../rto.ts';
import { type Metric, textCell } from './metric.ts';

/** The RTO of the run; it exists only after the fault. */
export const recoveryTimeMetric: Metric = {
  unit: 's',
  better: 'lower',
  negligible: () => 0,
  cell(facts, column) {
    if (column !== 'after') return textCell('N/A');
    const rto = rtoOf(facts);
    if (!rto) return textCell(`not measured: ${facts.recovery.reason}`);
    return { ...textCell(rto.text), value: rto.seconds };
  },
  judge(facts) {
    const rto = rtoOf(facts);
    if (!rto) return { status: 'not-measured', rule: facts.recovery.reason ?? 'no recovery was seen' };
    if (rto.targetSeconds === null) return { status: rto.censored ? 'degraded' : 'ok', rule: 'there is no target' };
    const target = `its target of ${targetText(rto.targetSeconds)}`;
    if (rto.met === true) return { status: 'ok', rule: `within ${target}` };
    if (rto.met === false) return { status: 'missed', rule: `beyond ${target}` };
    return { status: 'degraded', rule: `not shown to be within ${target}` };
  },
};
