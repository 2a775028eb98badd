import type { DataClass } from '../evidence/ledger.ts';
import { type ScenarioId, scenarioIds } from '../scenarios/scenario.ts';

/** What the document that the report fills fixes: its rows, their order and their words. */

/** The scenarios in the order of the document, which is their number there. The crash has rows but no section in it. */
export const documentScenarios: readonly ScenarioId[] = scenarioIds.filter((id) => id !== 'control');

/** The rows of the resilience score; the crash joins them only when it was run. */
export const scoredScenarios = documentScenarios.slice(0, 6);

export const rtoRows: readonly { failure: string; scenario: ScenarioId }[] = [
  { failure: 'Database Failure', scenario: 'database-failure' },
  { failure: 'Cache Failure', scenario: 'cache-failure' },
  { failure: 'Application Crash', scenario: 'application-crash' },
  { failure: 'Network Issue', scenario: 'network-latency' },
];

export const rpoRows: readonly { failure: string; class: DataClass }[] = [
  { failure: 'User Data', class: 'users' },
  { failure: 'Transactions', class: 'transactions' },
  { failure: 'Session Data', class: 'sessions' },
];

export const priorityHeadings = {
  P0: 'P0 - Critical (Must Fix Before Production)',
  P1: 'P1 - High (Should Fix Before Production)',
  P2: 'P2 - Medium (Fix Soon After Launch)',
} as const;
