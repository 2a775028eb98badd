import type { Facts } from './facts.ts';
import { secondsText } from './format.ts';
import { byHost } from './hosts.ts';

export interface TimelineMark {
  /** Epoch seconds. */
  at: number;
  id: string;
  text: string;
}

/** What happened in a run, in the order of time: each moment once, as the analysis dates it. */
export function timelineMarks({ evidence, phases, recovery, hosts }: Facts): TimelineMark[] {
  const { crash, outsideAt, healthSymptomAt, userVisible, recoveredAt, rto } = recovery;
  const symptoms = [outsideAt?.at, healthSymptomAt].filter((at) => at != null);
  // A window is dated by the beginning of its second, in which the fault may begin.
  const began = (crash ? phases.killSentAt : phases.injectAt) ?? 0;
  const moments: [id: string, at: number | null | undefined, text: string][] = [
    ['inject', crash ? null : phases.injectAt, 'the injection began'],
    ['killed', phases.killSentAt, 'the process was killed'],
    ['landed', crash ? null : phases.landedAt, 'the fault was proven to have landed'],
    [
      'symptom',
      symptoms.length > 0 ? Math.max(began, Math.min(...symptoms)) : null,
      'users or the health check first noticed it',
    ],
    ['stop', evidence.run.stopRequested?.at, 'a stop was asked for'],
    ['restarted', crash?.startedAt, 'a new process began'],
    ['served', crash?.servedAt, 'the new process answered its health check'],
    ['revert', crash ? null : phases.revert?.earliest, 'the revert was asked for'],
    ['gone', crash ? null : phases.goneAt, 'the fault was proven to be gone'],
    [
      'recovered',
      userVisible && rto ? recoveredAt : null,
      `users were served as before${rto ? `: RTO ${secondsText(rto.seconds)}` : ''}`,
    ],
    ...oomKillTimes(hosts).map((at): [string, number, string] => [
      'oom-kill',
      at,
      "the host's OOM killer ended a process",
    ]),
  ];
  return moments
    .flatMap(([id, at, text]) => (typeof at === 'number' ? [{ at, id, text }] : []))
    .sort((a, b) => a.at - b.at);
}

const oomKillTimes = (hosts: Facts['hosts']): number[] =>
  byHost(hosts).flatMap((own) =>
    own.slice(1).flatMap((s, i) => (s.memory.oomKills > own[i]!.memory.oomKills ? [s.at] : [])),
  );
