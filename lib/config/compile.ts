import type { z } from 'zod';
import type { targetSchema } from '../../lambdas/target/target.ts';
import { backupHooks } from '../backup/backup-hooks.ts';
import type { FaultlineConfig } from './faultline-config.ts';
import { fillIn } from './placeholders.ts';

type TargetInput = z.input<typeof targetSchema>;

/** The target where its team runs it: what belongs into the parameter `/faultline/targets/<id>`. */
export function targetOf(config: FaultlineConfig): TargetInput {
  const { id, endpoint, health, load, database, cache, hosts, metrics, readback, logs, targets } = config;
  const { thresholds: stopConditions, blastRadius, excludedWindows, requireBackup } = config;
  const at = ({ service, host, port }: NonNullable<FaultlineConfig['cache']>) => ({
    cluster: service.cluster,
    service: service.name,
    host,
    port,
  });
  return {
    id,
    endpoint: endpoint.replace(/\/$/, ''),
    health,
    load,
    database: database
      ? { ...at(database), secretId: database.secret, name: database.name, tables: database.tables }
      : null,
    cache: cache ? at(cache) : null,
    hosts: hosts ?? null,
    metrics: metrics?.prometheus ?? null,
    signals: metrics?.cloudwatch ?? {},
    readback,
    backup: config.backup ?? null,
    logs,
    ...targets,
    safety: { blastRadius, excludedWindows, stopConditions, requireBackup },
  };
}

/** How the parts of a target are called on this machine: services of one cluster, names of one domain. */
export const localNames = (id: string) => ({
  cluster: `faultline-${id}`,
  application: `${id}-app`,
  database: `${id}-database`,
  cache: `${id}-cache`,
  domain: 'faultline.internal',
  secret: `faultline/${id}/database`,
  /** The image by which the local run knows the application's program. */
  image: `local/${id}`,
  logs: (part: string) => `/faultline/${id}/${part}`,
});

/** As which user the application reaches its database on this machine. */
export const localUser = 'application';

export class NotLocal extends RangeError {
  constructor(id: string) {
    super(`the configuration of '${id}' has no 'local' section, which says how this machine starts the target`);
    this.name = 'NotLocal';
  }
}

/** @throws NotLocal */
export function localOf({ id, local }: FaultlineConfig) {
  if (!local) throw new NotLocal(id);
  return local;
}

const usualPorts = { database: 5432, cache: 6379 };

/**
 * The same target as this machine starts it: other addresses, a database login and log groups of its own, no alarms and
 * no hosts.
 * @throws NotLocal
 */
export function localTargetOf(config: FaultlineConfig): TargetInput {
  const target = targetOf(config);
  const { application } = localOf(config);
  const names = localNames(config.id);
  const at = (part: 'database' | 'cache') => ({
    cluster: names.cluster,
    service: names[part],
    host: `${names[part]}.${names.domain}`,
    port: usualPorts[part],
  });
  return {
    ...target,
    endpoint: `http://${names.application}.${names.domain}:${application.port}`,
    database: target.database && { ...target.database, ...at('database'), secretId: names.secret },
    cache: target.cache && at('cache'),
    hosts: null,
    ...(config.hosts && { hostless: 'on this machine the application of a configuration runs as a service' }),
    backup: target.database && { hook: backupHooks.databaseDump },
    logs: ['app', ...(target.database ? ['database'] : []), ...(target.cache ? ['cache'] : [])].map(names.logs),
    safety: { ...target.safety, stopConditions: { ...target.safety?.stopConditions, alarms: [] } },
  };
}

/** The application's environment on this machine, with all that it names filled in. */
export function localEnvironment(config: FaultlineConfig, password: string): Record<string, string> {
  const { endpoint, database, cache } = localTargetOf(config);
  const { port, environment } = localOf(config).application;
  const values = {
    endpoint,
    port: String(port),
    ...(database && {
      'database.host': database.host,
      'database.port': String(database.port),
      'database.name': database.name,
      'database.user': localUser,
      'database.password': password,
    }),
    ...(cache && { 'cache.host': cache.host, 'cache.port': String(cache.port) }),
  };
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fillIn(text, values)]));
}
