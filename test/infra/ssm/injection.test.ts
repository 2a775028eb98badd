import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findDocument } from '../../../infra/local/ssm/command-document.ts';
import { effectiveParameters } from '../../../infra/local/ssm/parameters.ts';
import { planSteps } from '../../../infra/local/ssm/steps.ts';
import { documents } from '../../../infra/ssm/documents.ts';
import { BareHost } from './bare-host.ts';

/** Values with which every document would begin its work, were there anything to do. */
const valid: Record<string, string> = {
  RunId: 'run-injection',
  NotAfter: '1',
  Deadline: '2',
  Install: 'no',
  DelayMs: '500',
  JitterMs: '0',
  LossPercent: '0',
  Device: '',
  Percent: '80',
  Workers: '1',
  LoadPercent: '90',
  Process: 'nothing-such',
  Unit: '',
  Fault: 'sampler',
  Seconds: '1',
  IntervalMs: '1000',
  SliceSeconds: '5',
  IdleMs: '0',
  Tools: 'no',
  Upload: 'e30=',
  ExecutionSeconds: '60',
};

let host: BareHost;
let canary: string;
beforeAll(async () => {
  host = await BareHost.start();
  canary = join(host.folder, 'canary');
});
afterAll(() => host.stop());

/** `good` is a value that the parameter takes: an attack may begin like it. */
const attacks = (good: string) => [
  `'; touch ${canary}; '`,
  `"; touch ${canary}; "`,
  `$(touch ${canary})`,
  `\`touch ${canary}\``,
  `${good}\ntouch ${canary}`,
  `${good} && touch ${canary}`,
  `a[$(touch ${canary})]`,
  `${good}\n`,
  `../../..${canary}`,
  '--help',
  '{{ RunId }}',
];

const cases = documents.flatMap(({ name, content }) =>
  Object.keys(content.parameters).map((parameter) => [name, parameter] as const),
);
const parametersOf = (name: string) => {
  const { parameters } = findDocument(documents, name);
  return Object.fromEntries(Object.entries(valid).filter(([key]) => key in parameters));
};

test.each(cases)('%s: %s takes no attack', (name, parameter) => {
  const document = findDocument(documents, name);
  const given = (value: string) =>
    Object.fromEntries(Object.entries({ ...parametersOf(name), [parameter]: value }).map(([key, one]) => [key, [one]]));
  expect(() => effectiveParameters(document, given(valid[parameter]!))).not.toThrow();
  for (const attack of attacks(valid[parameter]!)) {
    expect(() => effectiveParameters(document, given(attack))).toThrow(`Parameter ${parameter}`);
  }
});

test.each(cases.filter(([, parameter]) => parameter !== 'ExecutionSeconds'))(
  '%s: with no pattern checked, %s does no harm in the script and is refused there',
  async (name, parameter) => {
    const outcomes = attacks(valid[parameter]!).map(async (attack) => {
      const { code, stderr } = await host.run(name, { ...parametersOf(name), [parameter]: attack });
      return { attack, code, stderr };
    });
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toMatchObject({ code: 64, stderr: expect.stringMatching(/^[^\n]+\n$/) });
    }
    expect(existsSync(canary)).toBe(false);
  },
);

test.each(documents.map(({ name }) => name))('%s: ExecutionSeconds reaches no script', (name) => {
  for (const attack of attacks('60')) {
    const [step] = planSteps(findDocument(documents, name), { ...parametersOf(name), ExecutionSeconds: attack });
    expect(step).toMatchObject({ timeoutSeconds: attack === '60\n' ? 60 : 3600 });
    expect(step!.script).toBe(
      `${documents.find((one) => one.name === name)!.content.mainSteps[0]!.inputs.runCommand.join('\n')}\n`,
    );
    expect(Object.values(step!.environment)).not.toContain(attack);
  }
});

test.each(documents.map(({ name }) => name))('%s: an agent that hands over no variables is told so', async (name) => {
  const { code, stderr } = await host.run(name, {});
  expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining('has to be 3.3.2746.0 or later') });
});
