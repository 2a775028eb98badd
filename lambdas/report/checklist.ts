import { isConclusive } from '../runs/run.ts';
import { type ChecklistItem, priorities, type Recommendation, type ScenarioResult } from './report.schema.ts';

interface Done {
  results: readonly ScenarioResult[];
  notRun: number;
  recommendations: readonly Recommendation[];
  /** Failures for which the disaster recovery plan has a text. */
  planned: readonly ScenarioResult['id'][];
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
  const open = entries.filter((e) => e.done !== true);
  const telling = open.length > 0 ? open : entries;
  return {
    item,
    done: open.length > 0 ? open[0]!.done : true,
    evidence: [...new Set(telling.map((e) => e.evidence))].join('; '),
  };
}

function derived({ results, notRun, recommendations }: Done): ChecklistItem[] {
  const all = results.length;
  const withBaseline = results.filter((r) => r.phases.baseline !== null).length;
  const verdicts = [...new Set(results.map((r) => r.verdict))]
    .map((v) => `${results.filter((r) => r.verdict === v).length} ${v}`)
    .join(', ');
  return [
    {
      item: 'Document baseline metrics',
      done: all > 0 && withBaseline === all,
      evidence: `${withBaseline} of ${all} runs`,
    },
    {
      item: 'Execute each scenario',
      done: all > 0 && notRun === 0,
      evidence: `${all} run, ${notRun} not run`,
    },
    { item: 'Capture logs and metrics', ...captured(results) },
    { item: 'Analyze results', done: all > 0, evidence: verdicts || 'no runs' },
    { item: 'Document findings', done: all > 0, evidence: all > 0 ? findings(results) : 'no runs' },
    { item: 'Create action items', done: all > 0, evidence: actions(recommendations) },
  ];
}

/** Metrics of every run, and the target's own logs: both, or the item is open. */
function captured(results: readonly ScenarioResult[]): Pick<ChecklistItem, 'done' | 'evidence'> {
  const measured = results.filter((r) => r.generator.requests > 0);
  const metrics = `metrics of ${measured.length} of ${results.length} runs`;
  const groups = new Set(results.flatMap((r) => r.logs.map((l) => l.group)));
  if (groups.size === 0) return { done: false, evidence: `${metrics}; logs of no group were kept` };
  const logged = results.filter((r) => r.logs.length > 0 && r.logs.every((l) => l.problem === null));
  const problems = new Set(
    results.flatMap((r) => r.logs.flatMap((l) => (l.problem ? `${l.group}: ${l.problem}` : []))),
  );
  const columns = results.flatMap((r) => r.logs.flatMap((l) => [l.before, l.during, l.after].flatMap((c) => c ?? [])));
  const lines = columns.reduce((sum, c) => sum + c.lines, 0);
  const cut = columns.some((c) => c.cut) ? ', some of them cut' : '';
  const logs = `${lines} log lines of ${groups.size} groups in ${logged.length} of ${results.length} runs${cut}`;
  return {
    done: measured.length === results.length && logged.length === results.length,
    evidence: [metrics, logs, ...problems].join('; '),
  };
}

function findings(results: readonly ScenarioResult[]): string {
  const kinds = ['issues', 'strengths', 'weaknesses', 'risks'] as const;
  return kinds.map((kind) => `${results.reduce((sum, r) => sum + r[kind].length, 0)} ${kind}`).join(', ');
}

function actions(recommendations: readonly Recommendation[]): string {
  if (recommendations.length === 0) return 'no recommendation';
  const byPriority = priorities.map((p) => ofPriority(recommendations, p));
  const counts = byPriority.map((own, i) => `${own.length} ${priorities[i]}`).join(', ');
  const urgent = byPriority[0]!.length > 0 ? `; P0: ${whence(byPriority[0]!)}` : '';
  return `${recommendations.length} recommendations: ${counts}${urgent}`;
}

const ofPriority = (all: readonly Recommendation[], p: Recommendation['priority']) =>
  all.filter(({ priority }) => priority === p);

const whence = (all: readonly Recommendation[]) => [...new Set(all.map((r) => r.evidence))].join(', ');

/** The document's next steps, ticked where this game-day already settles them. */
export function nextSteps({ results, notRun, recommendations, planned }: Done): ChecklistItem[] {
  const missing = results.filter(isConclusive).flatMap((r) => missingBehaviours(r).map((b) => `${r.id}/${b.id}`));
  const isKnown = results.some(isConclusive);
  const unknown = { done: null, evidence: 'no conclusive run' };
  const urgent = ofPriority(recommendations, 'P0');
  const again = results.filter((r) => r.verdict !== 'PASS' || r.recommendations.some((x) => x.priority !== 'P2'));
  return [
    {
      item: 'Execute all failure scenarios',
      done: results.length > 0 && notRun === 0,
      evidence: notRun === 0 ? 'all were run' : `${notRun} were not run`,
    },
    { item: 'Document actual results', done: results.length > 0, evidence: 'this report' },
    {
      item: 'Fix critical issues',
      ...(isKnown || urgent.length > 0
        ? {
            done: urgent.length === 0,
            evidence:
              urgent.length === 0
                ? 'none observed in what was run'
                : `${urgent.length} recommendations of priority P0: ${whence(urgent)}`,
          }
        : unknown),
    },
    {
      item: 'Implement missing resilience patterns',
      ...(isKnown
        ? {
            done: missing.length === 0,
            evidence:
              missing.length === 0
                ? 'none found missing in what was run'
                : `${missing.length} expected behaviours not fully observed: ${missing.join(', ')}`,
          }
        : unknown),
    },
    {
      item: 'Re-test to verify improvements',
      done: again.length === 0,
      evidence: again.length === 0 ? 'nothing to repeat' : `repeat ${again.map(whatToRepeat).join('; ')}`,
    },
    {
      item: 'Update disaster recovery plan',
      done: null,
      evidence: planned.length === 0 ? 'no failure was measured for it' : `text for ${planned.join(', ')} stands below`,
    },
  ];
}

const missingBehaviours = ({ behaviours }: ScenarioResult) =>
  behaviours.filter((b) => b.observed === 'no' || b.observed === 'partly');

/** With what to look at then. */
function whatToRepeat(result: ScenarioResult): string {
  const looks = [
    ...missingBehaviours(result).map((b) => b.label),
    ...(result.rto?.met === false ? ['recovery time'] : []),
    ...(result.rpo.some((r) => r.met === false) ? ['data loss'] : []),
  ];
  return `${result.id} (${result.verdict}${looks.length > 0 ? `: ${looks.join(', ')}` : ''})`;
}
