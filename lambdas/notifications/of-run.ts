import { targetText } from '../analysis/format.ts';
import type { Rpo, ScenarioResult } from '../report/report.schema.ts';
import { isConclusive } from '../runs/run.ts';
import { type Announcement, noticeOf } from './announcement.ts';
import type { FaultlineEvent } from './events.ts';
import { type ReportLink, reportLine } from './report-link.ts';

/** Of a run what its result does not say itself. */
export interface RunFacts {
  gameDayId: string | null;
  target: string;
  /** Whoever keeps the message can tell later that the evidence is the one that it tells of. */
  manifestSha256: string;
  report: ReportLink | null;
}

const whose = ({ runId, id }: ScenarioResult, { gameDayId, target }: RunFacts) => ({
  version: 1 as const,
  ...{ runId, gameDayId, target, scenario: id },
});

/** The verdict, with the figures that it stands on. */
export function runEnded(result: ScenarioResult, facts: RunFacts): Announcement {
  const { runId, id, verdict, reason, rto, rtoReason, rpo, score } = result;
  const { target, manifestSha256, report } = facts;
  const losses = rpo.map((r) => `RPO of ${r.class}: ${r.text}, target ${targetText(r.targetSeconds)}`);
  const rtoTarget = rto?.targetSeconds ? `, target ${targetText(rto.targetSeconds)}` : '';
  return {
    notice: noticeOf(`Faultline: ${id} on ${target}: ${verdict}`, [
      `Run ${runId} on the target ${target} has ended: ${verdict}${reason ? `, ${reason}` : ''}.`,
      `RTO: ${rto ? `${rto.text}${rtoTarget}` : (rtoReason ?? 'none')}`,
      ...losses,
      `Score: ${score?.overall?.toFixed(1) ?? 'none'} of 10`,
      ...(report ? [`${reportLine(report)} (when the game-day has ended)`] : []),
      `SHA-256 of the manifest of its evidence: ${manifestSha256}`,
    ]),
    event: {
      type: 'Run ended',
      detail: {
        ...whose(result, facts),
        verdict,
        reason: reason ?? null,
        rto: rto && {
          ...{ seconds: rto.seconds, low: rto.low, high: rto.high },
          ...{ targetSeconds: rto.targetSeconds, met: rto.met },
        },
        rpo: rpo.map((r) => ({
          dataClass: r.class,
          ...{ lost: r.lost, seconds: r.seconds, targetSeconds: r.targetSeconds, met: r.met },
        })),
        score: score?.overall ?? null,
        manifestSha256,
        report,
      },
    },
  };
}

interface Missed {
  text: string;
  objective: Pick<
    Extract<FaultlineEvent, { type: 'Target missed' }>['detail'],
    'objective' | 'dataClass' | 'seconds'
  > & {
    targetSeconds: number;
  };
}

/** Each target of its RTO and RPO that the run missed. What came to no conclusion missed none. */
export function targetsMissed(result: ScenarioResult, facts: RunFacts): Announcement[] {
  if (!isConclusive(result)) return [];
  const { rto, rpo, id } = result;
  const missed: Missed[] = [
    ...(rto?.met === false && rto.targetSeconds !== null
      ? [
          {
            text: `RTO is ${rto.text}`,
            objective: {
              ...{ objective: 'RTO' as const, dataClass: null },
              ...{ seconds: rto.seconds, targetSeconds: rto.targetSeconds },
            },
          },
        ]
      : []),
    ...rpo.filter(({ met }) => met === false).map(missedRpo),
  ];
  return missed.map(({ text, objective }) => ({
    notice: noticeOf(`Faultline: ${id} on ${facts.target} missed a target of its ${objective.objective}`, [
      `Run ${result.runId} on the target ${facts.target}: ${text}, where ${targetText(objective.targetSeconds)} is the target.`,
      ...(facts.report ? [`${reportLine(facts.report)} (when the game-day has ended)`] : []),
    ]),
    event: { type: 'Target missed', detail: { ...whose(result, facts), ...objective, report: facts.report } },
  }));
}

const missedRpo = (r: Rpo): Missed => ({
  text: `RPO of ${r.class} is ${r.text}`,
  objective: { objective: 'RPO', dataClass: r.class, seconds: r.seconds, targetSeconds: r.targetSeconds },
});
