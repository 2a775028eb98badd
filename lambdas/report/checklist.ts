import { isConclusive } from '../runs/run.ts';
import type { ChecklistItem, ScenarioResult } from './report.schema.ts';

interface Done {
  results: readonly ScenarioResult[];
  notRun: number;
  recommendations: number;
  critical: number;
}

/** Items that only the run, or whoever started it, can know; found by their key word. */
const recorded: readonly [item: string, keyWord: RegExp][] = [
  ['Backup database before testing', /backup/i],
  ['Notify team of testing window', /notif/i],
  ['Set up monitoring dashboards', /dashboard/i],
  ['Prepare rollback procedures', /roll ?back/i],
];

/**
 * The execution checklist of the document.
 * @param known what the runs recorded, and what the caller adds; an item is done when nobody says otherwise
 */
export function executionChecklist(known: readonly ChecklistItem[], done: Done): ChecklistItem[] {
  return [
    ...recorded.map(([item, keyWord]) =>
      recordedItem(
        item,
        known.filter((k) => keyWord.test(k.item)),
      ),
    ),
    ...derived(done),
  ];
}

function recordedItem(item: string, entries: readonly ChecklistItem[]): ChecklistItem {
  if (entries.length === 0) return { item, done: null, evidence: 'not recorded' };
  const open = entries.find((e) => e.done !== true);
  return { item, done: open ? open.done : true, evidence: (open ?? entries[0]!).evidence };
}

function derived({ results, notRun, recommendations }: Done): ChecklistItem[] {
  const all = results.length;
  const withBaseline = results.filter((r) => r.phases.baseline !== null).length;
  const withEvidence = results.filter((r) => r.generator.requests > 0).length;
  const of = (n: number) => `${n} of ${all} runs`;
  const verdicts = [...new Set(results.map((r) => r.verdict))]
    .map((v) => `${results.filter((r) => r.verdict === v).length} ${v}`)
    .join(', ');
  return [
    { item: 'Document baseline metrics', done: all > 0 && withBaseline === all, evidence: of(withBaseline) },
    {
      item: 'Execute each scenario',
      done: all > 0 && notRun === 0,
      evidence: `${all} run, ${notRun} not run`,
    },
    { item: 'Capture logs and metrics', done: all > 0 && withEvidence === all, evidence: of(withEvidence) },
    { item: 'Analyze results', done: all > 0, evidence: verdicts || 'no runs' },
    { item: 'Document findings', done: all > 0, evidence: all > 0 ? 'this report' : 'no runs' },
    {
      item: 'Create action items',
      done: all > 0,
      evidence: recommendations === 0 ? 'no recommendation' : `${recommendations} recommendations, by priority`,
    },
  ];
}

/** The document's next steps, ticked where this game-day already settles them. */
export function nextSteps({ results, notRun, critical }: Done): ChecklistItem[] {
  const missing = results
    .filter(isConclusive)
    .flatMap((r) => r.behaviours)
    .filter((b) => b.observed === 'no' || b.observed === 'partly').length;
  const isKnown = results.some(isConclusive);
  const unknown = { done: null, evidence: 'no conclusive run' };
  const repeat = results.filter((r) => r.verdict !== 'PASS').map((r) => r.id);
  return [
    {
      item: 'Execute all failure scenarios',
      done: results.length > 0 && notRun === 0,
      evidence: notRun === 0 ? 'all were run' : `${notRun} were not run`,
    },
    { item: 'Document actual results', done: results.length > 0, evidence: 'this report' },
    {
      item: 'Fix critical issues',
      ...(isKnown || critical > 0
        ? {
            done: critical === 0,
            evidence: critical === 0 ? 'none observed in what was run' : `${critical} recommendations of priority P0`,
          }
        : unknown),
    },
    {
      item: 'Implement missing resilience patterns',
      ...(isKnown
        ? {
            done: missing === 0,
            evidence:
              missing === 0
                ? 'none found missing in what was run'
                : `${missing} expected behaviours not fully observed`,
          }
        : unknown),
    },
    {
      item: 'Re-test to verify improvements',
      done: repeat.length === 0,
      evidence: repeat.length === 0 ? 'nothing to repeat' : `repeat ${repeat.join(', ')}`,
    },
    { item: 'Update disaster recovery plan', done: null, evidence: 'with the RTO and RPO measured here' },
  ];
}
