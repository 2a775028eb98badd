import { evaluate } from '../../../../infra/local/dashboard/evaluate.ts';
import { aligned, searchesOf, shownPeriod, shownSeconds } from '../../../../infra/local/dashboard/widgets.ts';
import { synth } from '../../../lib/support/synth.ts';

const now = 1_800_000_000;

/** The dashboards as they are deployed; what only a deployment knows is a word. */
const deployed = Object.values(synth('local').dashboards.findResources('AWS::CloudWatch::Dashboard')).map(
  ({ Properties }) => {
    const { DashboardName: name, DashboardBody: body } = Properties;
    const text: string =
      typeof body === 'string'
        ? body
        : body['Fn::Join'][1].map((p: unknown) => (typeof p === 'string' ? p : 'word')).join('');
    return { name: String(name), text };
  },
);

const published: { dimensions: Record<string, string>; value: number }[] = [
  { dimensions: { Target: 'shop' }, value: 7 },
  { dimensions: { Target: 'shop', Scenario: 'control' }, value: 9 },
];

/** An emulator in which every metric was published once a second for ten seconds, of a target and of a scenario. */
const source = (body: string) => ({
  body: async () => body,
  metrics: async () => published,
  values: async (asked: readonly { metric: { dimensions: Record<string, string> } }[]) =>
    asked.map(({ metric }) =>
      Array.from({ length: 10 }, (_, i) => ({
        at: now - 10 + i,
        value: published.find((p) => p.dimensions === metric.dimensions)!.value,
      })),
    ),
  custom: async () => '<table></table>',
});

test.each(deployed)('every widget of the deployed $name can be shown here', async ({ name, text }) => {
  const { widgets } = await evaluate(name, source(text), now);
  expect(widgets.length).toBeGreaterThan(6);
  expect(widgets.filter((w) => w.kind === 'problem')).toEqual([]);
  for (const w of widgets.filter((x) => x.kind === 'lines')) {
    const isLive = name.endsWith('-Live');
    for (const { name: line, values } of w.series) {
      expect(line).toMatch(isLive ? /shop$/ : /^control shop$/);
      expect(values).toHaveLength(w.axis.points);
      // Those of a scenario are no target's, and the other way round.
      expect(values.at(-1)).toBe(isLive ? 7 : 9);
    }
  }
});

test('a widget that cannot be shown says why, and the others are shown', async () => {
  const body = JSON.stringify({
    widgets: [
      { type: 'metric', width: 6, properties: { title: 'odd', metrics: [[{ expression: 'm1 / m2' }]] } },
      { type: 'text', width: 6, properties: { markdown: 'words' } },
    ],
  });
  const { widgets } = await evaluate('x', source(body), now);
  expect(widgets).toEqual([
    { kind: 'problem', width: 6, title: 'odd', text: expect.stringContaining('m1 / m2') },
    { kind: 'text', width: 6, title: '', markdown: 'words' },
  ]);
});

test.each([
  ['-PT15M', 900],
  ['-PT3H', 10_800],
  ['-P30D', 2_592_000],
  [undefined, 10_800],
] as const)('%s is %i seconds', (start, seconds) => {
  expect(shownSeconds(start)).toBe(seconds);
});

test.each([
  [1, 300, 1],
  [1, 900, 5],
  [1, 10_800, 30],
  [300, 2_592_000, 6600],
])(
  'a period of %i s over %i s is shown by %i s: never more points than a picture can show',
  (period, seconds, shown) => {
    expect(shownPeriod(period, seconds)).toBe(shown);
    expect(seconds / shown).toBeLessThanOrEqual(400);
  },
);

test('values stand at their places in time, and nothing between them', () => {
  const points = [
    { at: 100, value: 1 },
    { at: 107, value: 2 },
    { at: 99, value: 9 },
    { at: 115, value: 9 },
  ];
  expect(aligned(points, { start: 100, step: 5, points: 3 })).toEqual([1, 2, null]);
});

test('an expression of another kind is refused by its words', () => {
  const widget = { type: 'metric', width: 6, height: 6, properties: { metrics: [['Faultline', 'Passed']] } };
  expect(() => searchesOf(widget)).toThrow('this page cannot evaluate ["Faultline","Passed"]');
});
