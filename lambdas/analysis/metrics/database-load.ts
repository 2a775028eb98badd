import { type DatabaseActivity, databaseActivity } from '../database-activity.ts';
import { percent, perSecond } from '../format.ts';
import { absent, type Metric, textCell, valueCell } from './metric.ts';

const saturated = 0.9;
const notable = 2;

/** Queries a second and connections that run a statement. */
export const databaseLoadMetric: Metric = {
  unit: 'queries/s',
  better: 'lower',
  negligible: (rate) => (notable - 1) * rate,
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const { rate, source, active, samples } = databaseActivity(seen);
    if (rate === null) return textCell('not measured: neither the application nor the database showed its counters');
    const connections = active ? `, ${active.mean.toFixed(1)} active (max ${active.max})` : ', connections unreadable';
    return valueCell(rate, `${perSecond(rate)} ${source}/s${connections}`, samples);
  },
  judge(facts, { before, during, after }) {
    if (before.value === null || during.value === null || after.value === null) {
      return { status: 'not-measured', rule: 'a column has no value' };
    }
    const worst = Math.max(...[facts.during, facts.after].map((c) => (c ? use(databaseActivity(c)) : 0)));
    if (worst >= saturated) {
      return {
        status: 'missed',
        rule: `${percent(worst)} of the allowed connections in use (limit ${percent(saturated)})`,
      };
    }
    if (during.value > notable * before.value || after.value > notable * before.value) {
      return { status: 'degraded', rule: `more than ${notable} times the load before the fault` };
    }
    return { status: 'ok', rule: `within ${notable} times the load before the fault, connections to spare` };
  },
};

const use = ({ connections }: DatabaseActivity) => (connections ? connections.max / connections.limit : 0);
