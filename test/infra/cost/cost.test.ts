import { analysisGb, functionGb, loadTask, runCost } from '../../../infra/cost/cost.ts';
import { priceTable } from '../../../infra/cost/prices.ts';
import { costText } from '../../../infra/cost/text.ts';
import { availableScenarios, scenarioById } from '../../../lambdas/scenarios/registry.ts';
import { synth } from '../../lib/support/synth.ts';
import { expectInDocs } from '../../support/docs.ts';

const cacheFailure = scenarioById('cache-failure');
const lineOf = (service: string, workers: number) => {
  const { lines } = runCost(cacheFailure, 'full', workers, priceTable);
  return lines.find((line) => line.service === service)!;
};

test('a master and ten workers of 1 vCPU and 2 GB are paid for from the start of a run to its end', () => {
  const { minutes } = runCost(cacheFailure, 'full', 10, priceTable);
  // 60 + 120 + 60 + 30 s of phases, 270 s around them.
  expect(minutes).toBe(9);
  expect(lineOf('Fargate', 10).usd).toBeCloseTo(11 * 0.15 * (0.04048 + 2 * 0.004445), 6);
});

test('workers cost on Fargate alone', () => {
  for (const service of ['Lambda', 'Step Functions', 'DynamoDB', 'S3', 'CloudWatch', 'X-Ray']) {
    expect(lineOf(service, 200)).toEqual(lineOf(service, 1));
  }
  expect(lineOf('Fargate', 3).usd).toBeCloseTo(2 * lineOf('Fargate', 1).usd, 9);
});

test('a run costs the sum of its lines, and each says what it is made of', () => {
  for (const scenario of availableScenarios) {
    const { lines, usd } = runCost(scenario, 'full', 10, priceTable);
    expect(usd).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.usd, 0),
      9,
    );
    for (const line of lines)
      expect([line.service, line.usd > 0, line.of]).toEqual([line.service, true, expect.stringMatching(/\d/)]);
  }
});

test("FIS is paid for by the minutes of its action, and where there is no fault it isn't", () => {
  expect(runCost(cacheFailure, 'full', 10, priceTable).elsewhere.fis).toBeCloseTo(0.2, 9);
  expect(runCost(cacheFailure, 'quick', 10, priceTable).elsewhere.fis).toBeCloseTo(0.1, 9);
  expect(runCost(scenarioById('control'), 'full', 10, priceTable).elsewhere.fis).toBe(0);
});

test('tasks and functions have the sizes that are counted', () => {
  const { load, core } = synth('aws');
  for (const { Properties } of Object.values(load.findResources('AWS::ECS::TaskDefinition'))) {
    expect([Properties.Cpu, Properties.Memory]).toEqual([String(loadTask.vcpu * 1024), String(loadTask.gb * 1024)]);
  }
  const functions = Object.values(core.findResources('AWS::Lambda::Function')).filter(
    (f) => f.Properties.TracingConfig,
  );
  const sizes = functions.map(({ Properties }) => Properties.MemorySize).sort((a, b) => a - b);
  expect(sizes.at(-1)).toBe(analysisGb * 1024);
  expect(new Set(sizes.slice(0, -1))).toEqual(new Set([functionGb * 1024]));
});

test('every price has its source at AWS', () => {
  for (const { source } of Object.values(priceTable.prices))
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.+\/$/);
});

test('docs/cost.md shows what the command prints (UPDATE_DOCS=1 writes it)', () => {
  const runs = availableScenarios.map((scenario) => runCost(scenario, 'full', 10, priceTable));
  const text = costText(runs, { profile: 'full', workers: 10 }, priceTable);
  expectInDocs('cost.md', 'full', `\`\`\`\n${text.trimEnd()}\n\`\`\``);
});
