import { count, secondsText } from '../analysis/format.ts';
import type { DataClass } from '../evidence/ledger.ts';
import { isConclusive } from '../runs/run.ts';
import { scenarioById } from '../scenarios/registry.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import { rpoRows, rtoRows } from './document.ts';
import type { Report, ScenarioResult } from './report.schema.ts';

type RtoRow = Report['summary']['rto'][number];
type RpoRow = Report['summary']['rpo'][number];

const metText = (met: boolean | null) => (met === null ? 'unknown' : met ? '✅ yes' : '❌ no');

/** The four rows of the document's RTO table. */
export const rtoSummary = (
  results: readonly ScenarioResult[],
  targets: Readonly<Partial<Record<ScenarioId, number>>>,
): RtoRow[] =>
  rtoRows.map(({ failure, scenario }) => {
    const result = results.find((r) => r.id === scenario);
    const own = targets[scenario] ?? scenarioById(scenario).targets.rtoSeconds;
    const targetSeconds = result?.rto?.targetSeconds ?? own ?? 0;
    const row = { failure, scenario, targetSeconds, seconds: null, met: null };
    if (!result) return { ...row, actual: 'not run', metText: 'not run' };
    if (!isConclusive(result))
      return { ...row, actual: `not measured: the run is ${result.verdict}`, metText: 'unknown' };
    if (!result.rto) return { ...row, actual: `not measured: ${result.rtoReason}`, metText: 'unknown' };
    const { seconds, met, text } = result.rto;
    return { ...row, seconds, met, actual: text, metText: metText(met) };
  });

/** The three rows of the document's RPO table: over all conclusive runs, the worst of each class. */
export const rpoSummary = (
  results: readonly ScenarioResult[],
  targets: Readonly<Record<DataClass, number>>,
): RpoRow[] =>
  rpoRows.map(({ failure, class: dataClass }) => {
    const row = { failure, class: dataClass, targetSeconds: targets[dataClass], seconds: null, met: null };
    if (results.length === 0) return { ...row, actual: 'not run', metText: 'not run' };
    const entries = results.filter(isConclusive).flatMap((result) => {
      const rpo = result.rpo.find((r) => r.class === dataClass);
      return rpo ? [{ result, rpo }] : [];
    });
    const measured = entries.filter(({ rpo }) => rpo.seconds !== null);
    if (measured.length === 0) {
      return { ...row, actual: entries[0]?.rpo.text ?? 'not measured: no conclusive run', metText: 'unknown' };
    }
    const worst = measured.reduce((a, b) => (b.rpo.seconds! > a.rpo.seconds! ? b : a));
    const met = measured.some(({ rpo }) => rpo.met === false)
      ? false
      : measured.every(({ rpo }) => rpo.met)
        ? true
        : null;
    return { ...row, seconds: worst.rpo.seconds, met, actual: rpoActual(measured, worst), metText: metText(met) };
  });

type Measured = { result: ScenarioResult; rpo: ScenarioResult['rpo'][number] };

function rpoActual(measured: readonly Measured[], worst: Measured): string {
  const total = (pick: (m: Measured) => number) => measured.reduce((n, m) => n + pick(m), 0);
  const lost = total((m) => m.rpo.lost);
  const unknown = total((m) => m.rpo.unknown);
  const figures = `${count(lost)} of ${count(total((m) => m.rpo.ackedWrites))} acknowledged writes lost in ${measured.length} ${measured.length === 1 ? 'run' : 'runs'}`;
  const where = lost > 0 ? `, worst in ${worst.result.id}` : '';
  const atLeast = worst.rpo.censored ? ' or more' : '';
  return `${secondsText(worst.rpo.seconds!)}${atLeast} (${figures}${where}${unknown ? `, ${count(unknown)} unknown` : ''})`;
}
