import type { EcsServices } from '../aws/ecs-services.client.ts';
import { inOneLine } from '../aws/one-line.ts';
import { type AppMetric, appMetrics, type Sample } from '../evidence/sample.ts';
import { inapplicable } from '../game-day/inapplicable.ts';
import type { Hosts } from '../hosts/hosts.client.ts';
import type { Probes } from '../observer/probes.ts';
import type { AlarmsClient } from '../safety/alarms.client.ts';
import { availableScenarios } from '../scenarios/registry.ts';
import type { CloudWatchMetric } from '../signals/cloudwatch-metric.ts';
import type { MetricsClient } from '../signals/metrics.client.ts';
import type { Rights } from './rights.client.ts';
import type { Target } from './target.ts';

/** One piece of a target that was looked at. */
export interface Check {
  /** Of the configuration: the key that it is about. */
  part: string;
  ok: boolean;
  /** What shows it, or what is missing and what to do. */
  detail: string;
}

export interface TargetChecks {
  target: string;
  checks: Check[];
  /** Scenarios that are nothing for this target, which is no fault of it. */
  inapplicable: { scenario: string; reason: string }[];
  /** Whether everything that was looked at is there. */
  ok: boolean;
}

export interface CheckIo {
  ecs: Pick<EcsServices, 'describe'>;
  hosts: Pick<Hosts, 'find'>;
  probes: Pick<Probes, 'sample'>;
  alarms: Pick<AlarmsClient, 'alarming'>;
  metrics: Pick<MetricsClient, 'between'>;
  /** Epoch seconds. */
  now(): number;
  rights: Rights;
  /** Of these tables those that the database has not. @throws where it cannot be asked */
  missingTables(tables: readonly string[]): Promise<string[]>;
}

/** A first answer over a new connection may take its time. */
const probeMs = 3000;

/**
 * Looks at every piece that a target's configuration names, each for itself, and changes nothing: whether it answers,
 * carries the tag, tells the signals, and whether Faultline's own roles may do to it what a fault does.
 */
export async function checkTarget(target: Target, io: CheckIo): Promise<TargetChecks> {
  const sample = await io.probes.sample(probeMs);
  const found = await Promise.all([
    [healthCheck(target, sample)],
    answers('database', target.database, sample.database),
    answers('cache', target.cache, sample.cache),
    ...(['database', 'cache'] as const).map((part) => serviceChecks(part, target, io)),
    tableCheck(target, io),
    hostChecks(target, io),
    signalChecks(target, sample),
    ...Object.entries(target.signals).map(([signal, metric]) => metricCheck(signal as AppMetric, metric, io)),
    alarmCheck(target, io),
  ]);
  const checks = found.flat();
  return {
    target: target.id,
    checks,
    inapplicable: inapplicable(
      target,
      availableScenarios.map(({ id }) => id),
    ),
    ok: checks.every(({ ok }) => ok),
  };
}

const yes = (part: string, detail: string): Check => ({ part, ok: true, detail });
const no = (part: string, detail: string): Check => ({ part, ok: false, detail });

/** A look that fails is a piece that is not there, for the reason that it gave. */
async function looked(part: string, look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look();
  } catch (error) {
    return [no(part, inOneLine((error as Error).message))];
  }
}

function healthCheck({ endpoint, health }: Target, { health: seen }: Sample): Check {
  const url = `${endpoint}${health.path}`;
  if ('error' in seen) return no('health', `${url} gave no answer: ${seen.error}`);
  if (seen.status !== 200) return no('health', `${url} answered ${seen.status}; a healthy target answers 200`);
  return yes('health', `${url} answered 200 in ${Math.round(seen.ms)} ms`);
}

function answers(part: string, at: Target['cache'], seen: { error: string } | { ms: number }): Check[] {
  if (at === null) return [];
  const where = `${at.host}:${at.port}`;
  return [
    'error' in seen
      ? no(part, `${where} serves nobody: ${seen.error}`)
      : yes(part, `${where} served a request in ${Math.round(seen.ms)} ms`),
  ];
}

function serviceChecks(part: 'database' | 'cache', target: Target, io: CheckIo): Promise<Check[]> {
  const at = target[part];
  const key = `${part}.service`;
  if (at === null) return Promise.resolve([]);
  return looked(key, async () => {
    const state = await io.ecs.describe(at.cluster, at.service);
    const name = `${at.cluster}/${at.service}`;
    const checks = [
      state.optedIn
        ? yes(key, `${name} carries the tag faultline:opt-in=true`)
        : no(key, `${name} lacks the tag faultline:opt-in=true; without it nothing is done to it`),
      state.runningCount >= Math.max(1, state.desiredCount)
        ? yes(key, `${name} runs ${state.runningCount} of ${state.desiredCount} tasks`)
        : no(key, `${name} runs ${state.runningCount} of ${state.desiredCount} tasks; all of them have to run`),
    ];
    if (state.schedulingStrategy === 'DAEMON') checks.push(no(key, `${name} is a DAEMON: it cannot be scaled to 0`));
    const allowed = await io.rights.mayScale(at.cluster, at.service);
    for (const { role, may } of allowed) {
      checks.push(
        may
          ? yes(key, `the role of ${role} may scale it (ecs:UpdateService)`)
          : no(key, `the role of ${role} may not scale it: ecs:UpdateService is denied`),
      );
    }
    return checks;
  });
}

function tableCheck({ database }: Target, io: CheckIo): Promise<Check[]> {
  const tables = database?.tables;
  if (!tables) return Promise.resolve([]);
  return looked('database.tables', async () => {
    const missing = await io.missingTables(tables);
    return [
      missing.length === 0
        ? yes('database.tables', `${tables.join(', ')}: all there`)
        : no('database.tables', `there is no table ${missing.join(', ')}`),
    ];
  });
}

function hostChecks({ hosts }: Target, io: CheckIo): Promise<Check[]> {
  if (hosts === null) return Promise.resolve([]);
  const { key, value } = hosts.tag;
  return looked('hosts', async () => {
    const found = await io.hosts.find(hosts.tag);
    if (found.length === 0) return [no('hosts', `SSM knows no managed host with the tag ${key}=${value}`)];
    return found.map(({ name, online, optedIn }) => {
      if (!online) return no('hosts', `${name} is offline for SSM; is its agent running?`);
      if (!optedIn) return no('hosts', `${name} lacks the tag faultline:opt-in=true`);
      return yes('hosts', `${name} is online and carries the tag faultline:opt-in=true`);
    });
  });
}

function signalChecks({ metrics }: Target, { app }: Sample): Check[] {
  if (metrics === null) return [];
  if ('error' in app) return [no('metrics', `${metrics.path}: ${app.error}`)];
  return appMetrics
    .filter((signal) => metrics.series[signal] !== undefined)
    .map((signal) => {
      const key = `metrics.prometheus.series.${signal}`;
      const series = metrics.series[signal]!;
      return app[signal] === null || app[signal] === undefined
        ? no(key, `${metrics.path} has no series ${series}`)
        : yes(key, `${series} is ${app[signal]}`);
    });
}

/** A metric that is not published for so long says nothing of a run either. */
const recentSeconds = 900;

function metricCheck(signal: AppMetric, metric: CloudWatchMetric, io: CheckIo): Promise<Check[]> {
  const key = `metrics.cloudwatch.${signal}`;
  return looked(key, async () => {
    const now = io.now();
    const latest = (await io.metrics.between(signal, metric, now - recentSeconds, now)).at(-1);
    const name = `${metric.namespace} ${metric.name}`;
    return [
      latest
        ? yes(key, `${name} was ${latest.value} in its latest period of ${metric.periodSeconds} s`)
        : no(key, `CloudWatch has no value of ${name} with these dimensions in the last ${recentSeconds / 60} minutes`),
    ];
  });
}

function alarmCheck({ safety: { stopConditions } }: Target, io: CheckIo): Promise<Check[]> {
  const { alarms } = stopConditions;
  if (alarms.length === 0) return Promise.resolve([]);
  return looked('thresholds.alarms', async () => {
    const alarming = await io.alarms.alarming(alarms);
    return [
      alarming.length === 0
        ? yes('thresholds.alarms', `${alarms.join(', ')}: there, and none in ALARM`)
        : no('thresholds.alarms', `${alarming.join(', ')} in ALARM: no run starts while it is`),
    ];
  });
}
