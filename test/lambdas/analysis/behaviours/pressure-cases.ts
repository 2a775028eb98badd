import type { Observation } from '../../../../lambdas/report/report.schema.ts';
import {
  affected,
  endedAtLimit,
  fragileCpu,
  fragileCrash,
  fragileMemory,
  fragileNetwork,
  fragileSlowQuery,
  givenUp,
  held,
  resilientCpu,
  resilientCrash,
  resilientMemory,
  resilientNetwork,
  resilientSlowQuery,
  rising,
  singleProcess,
} from '../support/host-stories.ts';
import { around, served } from '../support/stories.ts';
import type { Story } from '../support/story.ts';

export type Case = [id: string, what: string, Story, Observation, evidence: RegExp];

const silentApp: Pick<Story, 'app'> = { app: () => ({ error: 'no answer within 900 ms' }) };
const withoutHost = (story: Story): Story => ({ ...story, host: undefined });

/** Network latency, slow queries, memory and CPU pressure, and a crash. */
export const pressureCases: Case[] = [
  [
    'timeout-handling',
    'all end',
    resilientNetwork,
    'yes',
    /slowest of [\d,]+ requests took [5-9]\.\d s \(limit 30 s\), 0 were ended at the limit, 0 given up.*\d+ calls to the cache cut short/,
  ],
  ['timeout-handling', 'clients give up', fragileNetwork, 'no', /took 35.0 s .* [1-9]\d+ given up by their clients/],
  [
    'timeout-handling',
    'one ends long after the limit',
    {
      ...resilientNetwork,
      answer: (at, e, t, random) =>
        Math.abs(at - t.revert - 2) < 0.03 ? { outcome: 'ok', ms: 33_000 } : resilientNetwork.answer(at, e, t, random),
    },
    'no',
    /took 33.0 s/,
  ],
  [
    'timeout-handling',
    'ended at the limit after the fault',
    {
      ...resilientNetwork,
      answer: (at, e, t, random) =>
        Math.abs(at - t.revert - 2) < 0.03 ? endedAtLimit : resilientNetwork.answer(at, e, t, random),
      app: () => ({ requestTimeouts: null }),
    },
    'yes',
    /took 30.0 s .*[1-9] were ended at the limit/,
  ],
  ['circuit-breaker', 'stays closed', resilientNetwork, 'yes', /open in 0 of 20 samples.*0 of 500 requests failed/],
  ['circuit-breaker', 'never opens', fragileNetwork, 'no', /never opened.*at most 100 % over 5 s/],
  [
    'circuit-breaker',
    'opens where calls fail, and closes',
    { ...fragileNetwork, app: (at, t) => ({ breakerState: held(at, t) ? 2 : 0, databaseRetries: rising(at, t, 1) }) },
    'yes',
    /open in 2\d of 20|open in 20 of 20 samples, closed afterwards/,
  ],
  [
    'circuit-breaker',
    'stays open',
    { ...fragileNetwork, app: (at, t) => ({ breakerState: at > t.fault ? 2 : 0 }) },
    'no',
    /still open afterwards/,
  ],
  [
    'circuit-breaker',
    'opens where nothing fails',
    { ...resilientNetwork, app: (at, t) => ({ breakerState: held(at, t) ? 2 : 0 }) },
    'no',
    /opened although no call failed/,
  ],
  ['circuit-breaker', 'not shown', { ...resilientNetwork, ...silentApp }, 'unknown', /no state of a circuit breaker/],
  [
    'retry-logic',
    'within its budget',
    { ...resilientNetwork, app: (at, t) => ({ databaseRetries: rising(at, t, 1) }) },
    'yes',
    /2\d retries for 500 requests \([45].\d %; budget 10.0 %\)/,
  ],
  ['retry-logic', 'a storm', fragileNetwork, 'no', /6\d\d retries for 200 requests/],
  [
    'retry-logic',
    'too many',
    { ...resilientNetwork, app: (at, t) => ({ databaseRetries: rising(at, t, 10) }) },
    'partly',
    /4\d.\d %; budget/,
  ],
  ['retry-logic', 'none of what fails', { ...fragileNetwork, app: () => ({}) }, 'partly', /nothing was tried again/],
  [
    'retry-logic',
    'not counted',
    { ...resilientNetwork, app: () => ({ databaseRetries: null }) },
    'unknown',
    /no count of its retries/,
  ],
  [
    'user-feedback',
    'late but answered',
    resilientNetwork,
    'yes',
    /100 % of 500 requests were served.*100 % were answered within 10 s/,
  ],
  ['user-feedback', 'nothing in time', fragileNetwork, 'no', /0 % of 200 requests.*leak internals/],
  [
    'user-feedback',
    'refused without a word',
    {
      ...resilientNetwork,
      answer: (at, _e, t, random) => (held(at, t) ? { outcome: 'http_503', status: 503, ms: 50 } : served(random)),
    },
    'no',
    /0 % of 500 requests were served or told .*\(500 failed, 0 of them/,
  ],
  [
    'user-feedback',
    'told when to try again, half of them late',
    {
      ...resilientNetwork,
      answer: (at, _e, t, random) =>
        held(at, t)
          ? { outcome: 'http_503', status: 503, retryAfter: true, ms: random() < 0.3 ? 12_000 : 50 }
          : served(random),
    },
    'partly',
    /100 % of 500 requests .*\(500 failed, 500 of them with a time\), [67]\d.\d % were answered/,
  ],
  [
    'request-timeout-30s',
    'seen at work',
    resilientSlowQuery,
    'yes',
    /7\d of [\d,]+ requests were ended at the limit of 30 s \(the application's own count\), the slowest took 30.0 s, 0 were/,
  ],
  ['request-timeout-30s', 'no limit', fragileSlowQuery, 'no', /slowest took 35.0 s, [1-9]\d+ were given up/],
  [
    'request-timeout-30s',
    'by the times of the requests alone',
    { ...resilientSlowQuery, app: () => ({ requestTimeouts: null }) },
    'yes',
    /[1-9]\d of [\d,]+ requests .*\(by their times\)/,
  ],
  [
    'request-timeout-30s',
    'nothing waits that long',
    { ...resilientSlowQuery, answer: (_at, _e, _t, random) => served(random), app: () => ({}) },
    'not-applicable',
    /nothing waited as long/,
  ],
  [
    'request-timeout-30s',
    'too short to see',
    { ...resilientSlowQuery, holdSeconds: 20, answer: (_at, _e, _t, random) => served(random), app: () => ({}) },
    'unknown',
    /held for 20.1 s, too short/,
  ],
  [
    'connection-release',
    'released',
    resilientSlowQuery,
    'yes',
    /at most 10 of 10 .*1 at the end \(1 before\), released within 2.\d s.*0 backends/,
  ],
  ['connection-release', 'kept', fragileSlowQuery, 'no', /10 at the end/],
  [
    'connection-release',
    'with a backend that still waits',
    { ...resilientSlowQuery, database: (at, t) => ({ waitingOnLock: at > t.fault ? 1 : 0 }) },
    'partly',
    /1 backends waiting for a lock afterwards/,
  ],
  [
    'connection-release',
    'in part',
    { ...resilientSlowQuery, app: (at, t) => ({ poolInUse: at < t.fault ? 1 : at < t.restored ? 10 : 5 }) },
    'partly',
    /5 at the end/,
  ],
  [
    'queue-buildup',
    'bounded',
    resilientSlowQuery,
    'yes',
    /at most 36 waiting \(limit 50; 0 before\), 0 refused, 0 at the end/,
  ],
  ['queue-buildup', 'unbounded', fragileSlowQuery, 'no', /at most 40 waiting \(no limit/],
  [
    'queue-buildup',
    'full and not shedding',
    { ...resilientSlowQuery, app: (at, t) => ({ queueLength: affected(at, t) ? 50 : 0 }) },
    'partly',
    /at most 50 waiting \(limit 50; 0 before\), 0 refused/,
  ],
  [
    'queue-buildup',
    'full and shedding',
    { ...resilientSlowQuery, app: (at, t) => ({ queueLength: affected(at, t) ? 50 : 0, shed: rising(at, t, 3) }) },
    'yes',
    /1\d\d refused/,
  ],
  [
    'queue-buildup',
    'never drained',
    { ...resilientSlowQuery, app: (at, t) => ({ queueLength: at > t.fault ? 36 : 0 }) },
    'no',
    /not drained/,
  ],
  ['recovery', 'by itself', resilientSlowQuery, 'yes', /back in steady state 1.\d s after the revert, same process/],
  [
    'recovery',
    'users never noticed',
    resilientMemory,
    'yes',
    /users stayed in their steady state .*the fault was gone after 1.5 s/,
  ],
  ['recovery', 'not at all', fragileSlowQuery, 'no', /not back in steady state 60.0 s/],
  [
    'recovery',
    'with a restart',
    { ...fragileMemory, recoverSeconds: 5 },
    'partly',
    /with 1 restart of the application/,
  ],
  [
    'recovery',
    'nobody knows how',
    { ...withoutHost(resilientMemory), app: () => ({ processStart: null }) },
    'partly',
    /restarted is not known/,
  ],
  ['oom-killer', 'not needed', resilientMemory, 'yes', /ended 0 processes in \d+ samples/],
  [
    'oom-killer',
    'ends the application',
    fragileMemory,
    'no',
    /ended 2 processes, and the application was restarted: process 412 .* then process 977/,
  ],
  [
    'oom-killer',
    'ends others',
    { ...resilientMemory, host: (at, t) => ({ memory: { oomKills: at > t.fault + 5 ? 13 : 0 } }) },
    'yes',
    /ended 13 processes, none of the application/,
  ],
  ['oom-killer', 'not sampled', withoutHost(resilientMemory), 'unknown', /no managed host/],
  ['process-crashes', 'none', resilientMemory, 'yes', /0 restarts in \d+ samples, never absent: process 412/],
  ['process-crashes', 'one', fragileMemory, 'no', /1 restart in \d+ samples, absent in 2/],
  [
    'process-crashes',
    'two within one second',
    {
      ...resilientMemory,
      host: (at, t) => ({
        process:
          at < t.fault ? {} : { pid: at < t.fault + 1 ? 500 : 501, startedAt: t.fault + (at < t.fault + 1 ? 0 : 0.5) },
      }),
    },
    'no',
    /2 restarts in \d+ samples, never absent/,
  ],
  [
    'process-crashes',
    'seen by its metrics alone',
    {
      ...withoutHost(resilientMemory),
      app: (at, t) => ({ processStart: at > t.fault + 5 ? t.fault + 5 : 1_759_990_000 }),
    },
    'no',
    /1 restart in \d+ samples/,
  ],
  ['swap-thrashing', 'cold pages move out', resilientMemory, 'yes', /no thrashing \(at most 0 pages\/s in and 200 out/],
  ['swap-thrashing', 'both ways', fragileMemory, 'no', /thrashing in 2\d of \d+ samples, 2\d in a row/],
  [
    'swap-thrashing',
    'pages come back, none goes',
    { ...resilientMemory, host: (at, t) => ({ memory: { swapInPages: rising(at, t, 4000) } }) },
    'yes',
    /no thrashing \(at most 4,000 pages\/s in and 0 out/,
  ],
  [
    'swap-thrashing',
    'for a moment',
    {
      ...resilientMemory,
      host: (at, t) => ({
        memory: { swapInPages: at > t.fault + 5 ? 900 : 0, swapOutPages: at > t.fault + 5 ? 900 : 0 },
      }),
    },
    'partly',
    /thrashing in 1 of \d+ samples/,
  ],
  [
    'request-queuing',
    'few wait',
    resilientCpu,
    'yes',
    /6.\d requests in flight on average \(6.\d % of 100 users; 0.4 before\)/,
  ],
  ['request-queuing', 'everybody waits', fragileCpu, 'no', /\(100 % of 100 users/],
  [
    'request-queuing',
    'everybody waits, though not in its queue',
    { ...fragileCpu, app: () => ({}) },
    'no',
    /\(100 % of 100 users; .* at most 0 in the application's queue \(limit 50\)/,
  ],
  [
    'request-queuing',
    'most wait',
    {
      ...resilientCpu,
      answer: (at, _e, t, random) =>
        affected(at, t) ? { outcome: 'ok', ms: around(700, random, 0.1) } : served(random),
    },
    'partly',
    /\(7\d.\d % of 100 users/,
  ],
  [
    'worker-starvation',
    'none',
    resilientCpu,
    'yes',
    /every second served at least 100 requests; 20 of 20 health probes/,
  ],
  ['worker-starvation', 'seconds of silence', fragileCpu, 'no', /4 seconds in a row served nobody; 0 of 20/],
  ['worker-starvation', 'though healthy', { ...fragileCpu, health: () => 200 }, 'no', /served nobody; 20 of 20/],
  [
    'worker-starvation',
    'some probes unanswered',
    { ...resilientCpu, health: (at, t) => (held(at, t) && Math.floor(at) % 4 === 0 ? null : 200) },
    'partly',
    /15 of 20 health probes/,
  ],
  ['timeout-errors', 'none', resilientCpu, 'yes', /0 of 2,000 requests ran out of time/],
  ['timeout-errors', 'many', fragileCpu, 'no', /1\d of 180 requests ran out of time/],
  [
    'timeout-errors',
    'a few',
    {
      ...resilientCpu,
      answer: (at, e, t, random) =>
        Math.abs(at - t.fault - 8) < 0.03 ? givenUp : resilientCpu.answer(at, e, t, random),
    },
    'partly',
    /[5-7] of 2,000 requests ran out of time/,
  ],
  [
    'supervisor-restart',
    'at once',
    singleProcess,
    'yes',
    /process 412, then 538, started 1.\d s after the kill .* healthy after 2.\d s/,
  ],
  ['supervisor-restart', 'never', fragileCrash, 'no', /no new process in \d\d.\d s/],
  [
    'supervisor-restart',
    'sick for good',
    { ...singleProcess, health: (at, t) => (at < t.fault ? 200 : 503) },
    'no',
    /process 412, then 538, .*which never answered its health check/,
  ],
  [
    'supervisor-restart',
    'again and again',
    {
      ...singleProcess,
      host: (at, t) => ({
        process:
          at < t.fault
            ? {}
            : { pid: at < t.fault + 6 ? 538 : 566, startedAt: at < t.fault + 6 ? t.restored : t.fault + 6 },
      }),
    },
    'partly',
    /process 412, then 538, then 566.*restarted 2 times/,
  ],
  [
    'supervisor-restart',
    'seen by its metrics alone',
    withoutHost(singleProcess),
    'yes',
    /a new process, started 2.0 s/,
  ],
  [
    'lost-requests',
    'another instance serves',
    resilientCrash,
    'yes',
    /2 requests failed between .*\(0.4 in flight.*0 of \d+ acknowledged writes lost/,
  ],
  ['lost-requests', 'until it is back', singleProcess, 'partly', /220 requests failed .* 0 after the new process/],
  [
    'lost-requests',
    'and acknowledged writes',
    fragileCrash,
    'no',
    /no new process served; [1-9] of \d+ acknowledged writes lost/,
  ],
  [
    'lost-requests',
    'with one acknowledged write',
    {
      ...resilientCrash,
      write: (at, _class, t) => ({ outcome: 'acked', found: Math.abs(at - t.fault) < 0.3 ? 'missing' : 'found' }),
    },
    'no',
    /0 after the new process had served for 5 s; 1 of \d+ acknowledged writes lost/,
  ],
  [
    'lost-requests',
    'long after',
    {
      ...singleProcess,
      answer: (at, e, t, random) =>
        at > t.fault && at < t.fault + 12 && random() < 0.3
          ? { outcome: 'http_5xx', ms: 3 }
          : singleProcess.answer(at, e, t, random),
    },
    'no',
    /[1-9]\d+ after the new process had served/,
  ],
];
