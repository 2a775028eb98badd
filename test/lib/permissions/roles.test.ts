import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { expectInDocs, table } from '../../support/docs.ts';
import { synth } from '../support/synth.ts';
import { reasons } from './reasons.ts';
import { rolePolicies, type Statement } from './statements.ts';

const { core, load, dashboards, sample } = synth('aws');
const all = [core, load, dashboards, sample].flatMap(rolePolicies);
const merged = new Map<string, Statement[]>();
const machine = new RegExp(`^(${availableScenarios.map(({ id }) => id.replaceAll('-', '')).join('|')})MachineRole$`);
for (const { role: one, statements } of all) {
  const role = machine.test(one) ? 'Scenario machines' : one;
  merged.set(role, [...(merged.get(role) ?? []), ...statements]);
}

/** Of every function: its own log, traces, and in a network its interface. */
const common =
  /^(logs:(CreateLogStream|PutLogEvents)|xray:|ec2:.*(NetworkInterface|PrivateIpAddresses|DescribeSubnets))/;

test('every role is there for a reason, and every reason has its role', () => {
  expect([...merged.keys()].sort()).toEqual(Object.keys(reasons).sort());
});

test('docs/permissions.md has each role with what it may do (UPDATE_DOCS=1 writes it)', () => {
  const rows = [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([role, statements]) => [`\`${role}\``, reasons[role]!, mayDo(statements)]);
  expectInDocs('permissions.md', 'roles', table(['role', 'for', 'may, beside its log and traces'], rows));
});

/** Actions by service; with a star where the resource is any, with its condition where it has one. */
function mayDo(statements: Statement[]): string {
  const lines = statements.flatMap(({ Action, Resource, Condition }) => {
    const actions = [Action].flat().filter((action) => !common.test(action));
    if (actions.length === 0) return [];
    const any = [Resource].flat().includes('*') ? '\\*' : '';
    const conditions = Object.values(Condition ?? {}).flatMap((keys) => Object.keys(keys));
    const where = conditions.length > 0 ? ` (${conditions.map((key) => `\`${key}\``).join(', ')})` : '';
    return [`${actions.join(', ')}${any}${where}`];
  });
  return [...new Set(lines)].sort().join('; ') || 'nothing';
}
