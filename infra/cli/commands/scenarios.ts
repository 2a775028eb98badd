import type { ScenarioAnswer } from '../../../lambdas/api/answers.ts';
import { oneScenario } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { askingHelp } from '../help.ts';
import { facts, table } from '../table.ts';

/** `scenarios list`, `scenarios show`. */
export const addScenarios: AddCommand = (program, { command, api, tell }) => {
  const scenarios = command(program, 'scenarios', askingHelp()).description('what can be run, with its defaults');
  command(scenarios, 'list', askingHelp('faultline scenarios list'))
    .description('lists them in the order in which a game-day runs them')
    .option('--json', 'print as JSON, with every default and bound')
    .action(async (options) => tell(await api().scenarios(), ({ items }) => tellScenarios(items), options));
  command(scenarios, 'show', askingHelp('faultline scenarios show cache-failure'))
    .description('shows one: hypothesis, fault, load, durations, and what a start may override')
    .argument('<scenario>', 'its id', oneScenario)
    .option('--json', 'print as JSON')
    .action(async (id, options) => tell(await api().scenario(id), tellScenario, options));
};

const tellScenarios = (items: readonly ScenarioAnswer[]) =>
  table(
    ['SCENARIO', 'QUICK', 'FULL', 'TRIGGER'],
    items.map(({ id, seconds, trigger }) => [id, `${seconds.quick.fault} s`, `${seconds.full.fault} s`, trigger]),
  );

function tellScenario({ title, hypothesis, trigger, recovery, fault, load, seconds, ...rest }: ScenarioAnswer): string {
  const { bounds, targets, behaviours } = rest;
  const between = ({ minimum, maximum }: { minimum?: number; maximum?: number }) => `${minimum} to ${maximum}`;
  const phases = ({ baseline, fault: held, recoveryLimit, after }: ScenarioAnswer['seconds']['quick']) =>
    `baseline ${baseline} s, fault ${held} s, recovery at most ${recoveryLimit} s, after ${after} s`;
  const parameters = (fault?.parameters ?? []).map((p) => {
    const allowed = p.values?.join(' | ') ?? (p.minimum === undefined ? p.type : between(p));
    return [p.name, String(p.default ?? '–'), allowed, p.overridable ? 'yes' : 'no'];
  });
  return [
    facts([
      ['scenario', `${rest.id}: ${title}`],
      ['hypothesis', hypothesis],
      ['trigger', trigger],
      ['recovery', recovery],
      ['RTO target', targets.rtoSeconds === null ? null : `${targets.rtoSeconds} s`],
      ['load', `${load.users} users at ${load.spawnRate}/s`],
      ['quick', phases(seconds.quick)],
      ['full', phases(seconds.full)],
      ['bounds', `phases ${between(bounds.seconds)} s, users ${between(bounds.users)}`],
      ['fault', fault?.id ?? 'none is injected'],
    ]),
    ...(parameters.length > 0 ? [table(['PARAMETER', 'DEFAULT', 'ALLOWED', 'OVERRIDABLE'], parameters)] : []),
    'behaviours (* required for PASS)',
    ...behaviours.map(({ label, expected, required }) => `  ${required ? '*' : '-'} ${label}: ${expected}`),
  ].join('\n');
}
