import { z } from 'zod';
import { dataClassSchema } from '../evidence/ledger.ts';
import { phaseSecondsSchema, runIdSchema, verdicts } from '../runs/run.ts';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';

/** Raised by the rules of semantic versioning: a removed or redefined field is a new major version. */
export const schemaVersion = '1.2.0';

const text = z.string().min(1);
const epoch = z.number().describe('Epoch seconds');
const seconds = z.number().nonnegative();
const points = z.number().min(0).max(10);
const scenarioId = z.enum(scenarioIds);

const spanSchema = z.strictObject({ start: epoch, end: epoch }).nullable();

const percentileSchema = z
  .strictObject({
    ms: z.number(),
    low: z.number().nullable().describe('95 % confidence, block bootstrap'),
    high: z.number().nullable(),
  })
  .nullable()
  .describe('null: too few requests for this percentile');

const percentilesSchema = z.strictObject({ p50: percentileSchema, p95: percentileSchema, p99: percentileSchema });

export const metricCellSchema = z.strictObject({
  display: text.describe('The cell as the Markdown report prints it'),
  value: z.number().nullable(),
  n: z.int().nonnegative().nullable().describe('Requests, or samples, behind the value'),
  percentiles: percentilesSchema.nullable().describe('Of all outcomes, as observed'),
  corrected: percentilesSchema
    .extend({ n: z.int().nonnegative(), missed: z.int().nonnegative() })
    .nullable()
    .describe(
      'From the intended start, of the n requests of paced users, `missed` of which were never sent; null: not applicable',
    ),
});
export type MetricCell = z.infer<typeof metricCellSchema>;

export const metricStatuses = ['ok', 'degraded', 'missed', 'not-measured', 'not-run'] as const;
export const metricRowSchema = z.strictObject({
  id: text,
  label: text,
  unit: z.string(),
  before: metricCellSchema,
  during: metricCellSchema,
  after: metricCellSchema,
  status: z.enum(metricStatuses),
  rule: text.describe('Why this status'),
  coordinatedOmission: text.nullable().describe('The correction of a latency row, or why it does not apply'),
});
export type MetricRowResult = z.infer<typeof metricRowSchema>;

export const observations = ['yes', 'no', 'partly', 'not-applicable', 'unknown'] as const;
export type Observation = (typeof observations)[number];
export const behaviourSchema = z.strictObject({
  id: text,
  label: text,
  expected: text,
  required: z.boolean(),
  observed: z.enum(observations),
  evidence: text,
});
export type BehaviourResult = z.infer<typeof behaviourSchema>;

export const rtoSchema = z.strictObject({
  basis: z
    .enum(['steady-state', 'restore'])
    .describe(
      'steady-state: until users were served as before; restore: no user-visible outage, until the service was back',
    ),
  origin: z.enum(['revert', 'kill']).describe('From what it is counted: the revert request; a crash: the kill'),
  seconds: seconds.nullable(),
  low: seconds,
  high: seconds.nullable(),
  censored: z.boolean().describe('True: not recovered when the limit came; RTO is above `low`'),
  detect: seconds.nullable(),
  restore: seconds.nullable(),
  drain: seconds.nullable(),
  outage: seconds.nullable().describe('First symptom until recovered; 0 without a user-visible outage'),
  targetSeconds: seconds.nullable(),
  met: z.boolean().nullable().describe('null: unknown, or there is no target'),
  text: text,
});
export type Rto = z.infer<typeof rtoSchema>;

export const rpoSchema = z.strictObject({
  class: dataClassSchema,
  ackedWrites: z.int().nonnegative(),
  found: z.int().nonnegative(),
  lost: z.int().nonnegative(),
  unknown: z.int().nonnegative().describe('unreadable + unacknowledged'),
  unreadable: z.int().nonnegative(),
  unacknowledged: z.int().nonnegative(),
  seconds: seconds.nullable().describe('Age of the oldest lost acknowledged write; null: not measured'),
  high: seconds.nullable().describe('The same if every unreadable acknowledged write were lost; null: no upper end'),
  censored: z
    .boolean()
    .describe('True: the oldest of all acknowledged writes is lost, so that `seconds` is a lower end'),
  targetSeconds: seconds,
  met: z.boolean().nullable(),
  text: text,
});
export type Rpo = z.infer<typeof rpoSchema>;

const pointsInterval = z
  .strictObject({ low: points, high: points })
  .nullable()
  .describe('The middle 95 % over resampled windows; null: too few windows, or no value');
const scorePartSchema = z.strictObject({ value: points.nullable(), interval: pointsInterval, basis: text });
export const scoreSchema = z.strictObject({
  gracefulDegradation: scorePartSchema,
  recoveryTime: scorePartSchema,
  errorHandling: scorePartSchema,
  overall: points.nullable(),
  overallInterval: pointsInterval,
  coverage: z.number().min(0).max(1),
});
export type Score = z.infer<typeof scoreSchema>;

export const priorities = ['P0', 'P1', 'P2'] as const;
export const findingSchema = z.strictObject({ text, evidence: text });
export type Finding = z.infer<typeof findingSchema>;
export const recommendationSchema = findingSchema.extend({ priority: z.enum(priorities) });
export type Recommendation = z.infer<typeof recommendationSchema>;

export const setupSchema = z.strictObject({
  title: text,
  shortTitle: text,
  hypothesis: text,
  users: z.int(),
  spawnRate: z.number(),
  workers: z.int(),
  seconds: phaseSecondsSchema,
  trigger: text,
  recovery: text,
  notes: z.array(text).describe('How this differs from the document, and why'),
  columns: z.tuple([text, text, text]),
  rtoRow: z.string().nullable(),
});

export const executionStepSchema = z.strictObject({
  at: epoch,
  what: text,
  command: z.string().nullable(),
  requestId: z.string().nullable(),
});
export type ExecutionStep = z.infer<typeof executionStepSchema>;

const checklistItemSchema = z.strictObject({
  item: text,
  done: z.boolean().nullable().describe('null: not recorded'),
  evidence: text,
});
export type ChecklistItem = z.infer<typeof checklistItemSchema>;

const logColumnSchema = z
  .strictObject({
    lines: z.int().nonnegative(),
    errors: z.int().nonnegative(),
    warnings: z.int().nonnegative(),
    cut: z.boolean().describe('True: there was more than was kept, and these are the first'),
  })
  .nullable()
  .describe('null: the run did not get there');
const logSummarySchema = z.strictObject({
  group: text,
  problem: text.nullable().describe('Why there is less than the group may have held'),
  before: logColumnSchema,
  during: logColumnSchema.describe('From the injection until the fault was gone'),
  after: logColumnSchema,
  first: z.array(z.strictObject({ at: epoch, level: z.enum(['error', 'warning', 'other']), text })),
});
export type LogSummary = z.infer<typeof logSummarySchema>;

const monitoringRowSchema = z.strictObject({ command: text, before: text, during: text, after: text });
export type MonitoringRow = z.infer<typeof monitoringRowSchema>;

export const scenarioResultSchema = z.strictObject({
  id: scenarioId,
  runId: runIdSchema,
  verdict: z.enum(verdicts),
  reason: text.optional(),
  setup: setupSchema,
  phases: z.strictObject({ baseline: spanSchema, fault: spanSchema, recovery: spanSchema, after: spanSchema }),
  execution: z.array(executionStepSchema),
  metrics: z.array(metricRowSchema),
  behaviours: z.array(behaviourSchema),
  fault: z.strictObject({
    landed: z.boolean().nullable().describe('null: the scenario injects none'),
    proof: text,
    gone: z.boolean().nullable(),
    goneProof: text,
  }),
  generator: z.strictObject({
    healthy: z.boolean(),
    workers: z.int(),
    expectedWorkers: z.int(),
    cpuMax: z.number().nullable(),
    cpuMean: z.number().nullable(),
    lagMaxMs: z.number().nullable(),
    silenceMaxMs: z.number().nullable().describe('The longest time between two reports of a worker'),
    clockDistanceMs: z.number().nullable().describe("The most that a worker's clock can be from the master's"),
    requests: z.int(),
    locustRequests: z.int().nullable(),
    problems: z.array(text),
  }),
  invalid: z.array(z.strictObject({ id: text, text })).describe('Why the evidence does not hold; empty: it holds'),
  rto: rtoSchema.nullable(),
  rtoReason: text.nullable().describe('Why there is no RTO'),
  rpo: z.array(rpoSchema),
  score: scoreSchema.nullable(),
  scoreReason: text.nullable().describe('Why there is no score'),
  issues: z.array(findingSchema),
  strengths: z.array(findingSchema),
  weaknesses: z.array(findingSchema),
  risks: z.array(findingSchema),
  recommendations: z.array(recommendationSchema),
  checklist: z.array(checklistItemSchema).describe('What the run itself recorded of the execution checklist'),
  logs: z.array(logSummarySchema).describe("The target's own log groups"),
  monitoring: z.array(monitoringRowSchema).describe('What monitoring commands would have shown: medians of samples'),
  tools: z.array(text),
  evidenceKeys: z.array(text),
});
export type ScenarioResult = z.infer<typeof scenarioResultSchema>;

const notRunSchema = z.strictObject({
  id: scenarioId,
  reason: text,
  metrics: z.array(metricRowSchema),
  behaviours: z.array(behaviourSchema),
});

const changedFigureSchema = z.strictObject({
  scenario: scenarioId,
  label: text,
  change: z.enum(['better', 'worse']),
  now: text,
  earlier: z.array(text),
  difference: z.number().nullable().describe("This run's less the mean of the earlier ones', in `unit`"),
  low: z.number().nullable().describe('95 %; null of a figure that was the same in every earlier run'),
  high: z.number().nullable(),
  unit: z.string(),
  why: text.describe('What the noise was taken from'),
});
const sinceEarlierSchema = z.strictObject({
  earlier: z.array(z.strictObject({ gameDayId: text, startedAt: epoch })).describe('The oldest first'),
  scores: z
    .array(z.strictObject({ scenario: scenarioId, now: points.nullable(), earlier: z.array(points.nullable()) }))
    .describe('In the order of `earlier`; null: no score'),
  changes: z.array(changedFigureSchema).describe('Beyond noise'),
  same: z.int().nonnegative().describe('Figures that are no different beyond noise'),
  unknown: z.int().nonnegative().describe('Figures of which it cannot be told'),
  byChance: z.number().nonnegative().describe('Of those held against noise, so many look changed by chance alone'),
});
export type SinceEarlier = z.infer<typeof sinceEarlierSchema>;

const summaryRow = { failure: text, actual: text, met: z.boolean().nullable(), metText: text };

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  gameDayId: text,
  startedAt: epoch,
  endedAt: epoch,
  mode: z.enum(['local', 'aws']),
  profile: z.enum(profiles),
  target: z.strictObject({ id: text, endpoint: text }),
  scenarios: z.array(scenarioResultSchema),
  notRun: z.array(notRunSchema),
  summary: z.strictObject({
    scores: z.array(
      z.strictObject({ scenario: scenarioId, title: text, score: scoreSchema.nullable(), reason: text.nullable() }),
    ),
    overall: z.strictObject({
      score: points.nullable(),
      interval: pointsInterval.describe("Of the mean, from the runs' intervals, which are independent of each other"),
      coverage: z.number().min(0).max(1),
      basis: text,
      notTested: text
        .nullable()
        .describe('How much of what could be known is not, and of which scenarios; null: all was tested'),
    }),
    sinceEarlier: sinceEarlierSchema
      .nullable()
      .describe('null: there is no earlier game-day of this target and profile'),
    strengths: z.array(findingSchema),
    weaknesses: z.array(findingSchema),
    risks: z.array(findingSchema),
    recommendations: z.array(recommendationSchema),
    rto: z.array(
      z.strictObject({ ...summaryRow, scenario: scenarioId, targetSeconds: seconds, seconds: seconds.nullable() }),
    ),
    rpo: z.array(
      z.strictObject({ ...summaryRow, class: dataClassSchema, targetSeconds: seconds, seconds: seconds.nullable() }),
    ),
    nextSteps: z.array(checklistItemSchema),
    recoveryPlan: z
      .array(z.strictObject({ scenario: scenarioId, text }))
      .describe('A paragraph for the disaster recovery plan for each failure with a conclusive run'),
    checklist: z.array(checklistItemSchema),
  }),
});
export type Report = z.infer<typeof reportSchema>;

/** The JSON Schema of `report.json`, as docs/report.schema.json holds it. */
export const reportJsonSchema = () => ({
  title: 'Faultline report',
  ...z.toJSONSchema(reportSchema, { target: 'draft-2020-12' }),
});
