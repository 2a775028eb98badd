import { toolsOf } from '../../../lambdas/analysis/tools.ts';
import type { RunEvent } from '../../../lambdas/runs/run.ts';
import { resilientMemory } from './support/host-stories.ts';
import { tell } from './support/story.ts';

test('tools are listed with the versions that they told, hosts, target and load generator each for themselves', () => {
  const { evidence } = tell(resilientMemory);
  const tools = { tc: 'tc utility, iproute2-6.1.0', 'stress-ng': 'stress-ng, version 0.15.06', absent: null };
  const noted: RunEvent[] = [
    { at: 1, type: 'tools', detail: { PostgreSQL: '18.1', nodejs: 'v24.1.0' } },
    { at: 2, type: 'undo-written', detail: { original: { hosts: [{ before: { status: { tools } } }] } } },
  ];
  const events = [...noted, ...evidence.events.filter(({ type }) => type !== 'undo-written')];
  expect(toolsOf({ ...evidence, events, versions: { faultline: '0.1.0', node: 'v24.2.0' } })).toEqual([
    expect.stringMatching(/^locust \d.* \(load generation\)$/),
    expect.stringMatching(/^python \d.* \(load generation\)$/),
    'tc utility, iproute2-6.1.0 (managed host)',
    'stress-ng, version 0.15.06 (managed host)',
    'PostgreSQL 18.1 (target)',
    'nodejs v24.1.0 (target)',
    'faultline 0.1.0 (Faultline itself)',
    'node v24.2.0 (Faultline itself)',
    'AWS API: ecs',
    'AWS API: ssm',
  ]);
});

test('what nobody told is not listed', () => {
  const { evidence } = tell(resilientMemory);
  const silent = { ...evidence, generator: null, events: [], versions: undefined };
  expect(toolsOf(silent)).toEqual([]);
});
