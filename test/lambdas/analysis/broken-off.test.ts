import { analyse } from '../../../lambdas/analysis/analyse.ts';
import {
  resilientCpu,
  resilientCrash,
  resilientMemory,
  resilientNetwork,
  resilientSlowQuery,
} from './support/host-stories.ts';
import { resilientCache, resilientDatabase } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const stories: [string, Story][] = [
  ['database-failure', resilientDatabase],
  ['cache-failure', resilientCache],
  ['network-latency', resilientNetwork],
  ['slow-query', resilientSlowQuery],
  ['memory-pressure', resilientMemory],
  ['cpu-saturation', resilientCpu],
  ['application-crash', resilientCrash],
];

test.each(stories)('a run of %s has its result, whatever it came to before it broke off', (_id, story) => {
  const { evidence } = tell(story);
  const events = evidence.events.toSorted((a, b) => a.at - b.at);
  const whole = analyse(evidence);
  // Between two phases, and between the proof that the fault landed and its hold.
  const ends = events.flatMap(({ type }, i) => (['phase', 'fault-landed', 'fault-gone'].includes(type) ? [i + 1] : []));
  expect(ends.length).toBeGreaterThan(8);
  for (const end of ends) {
    const at = events[end - 1]!.at + 0.1;
    const broken = [
      ...events.slice(0, end),
      { at, type: 'error' as const, detail: { state: 'Guard', error: 'Broken', cause: 'off' } },
      { at, type: 'phase' as const, detail: { phase: 'verify' } },
    ];
    const { verdict, metrics, behaviours } = analyse({ ...evidence, events: broken });
    expect(verdict).toBe('ERROR');
    expect(metrics.map(({ id }) => id)).toEqual(whole.metrics.map(({ id }) => id));
    expect(behaviours.map(({ id }) => id)).toEqual(whole.behaviours.map(({ id }) => id));
  }
});
