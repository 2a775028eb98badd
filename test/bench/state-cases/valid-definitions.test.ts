import validate from 'asl-validator';
import { cases } from './cases.ts';
import type { Definition } from './definition.ts';
import { machines } from './machines.fixture.ts';
import { shortened } from './shortened.ts';

const { names, definitionOf } = machines();
const standIns = {
  throws: 'arn:aws:lambda:us-east-1:000000000000:function:throws',
  hangs: 'hangs',
  nobody: 'arn:aws:states:us-east-1:000000000000:activity:nobody',
};

/** The validator compiles its schemas anew each time: machines that differ in their comment only are looked at once. */
const known = new Map<string, object[]>();

async function errorsIn(definition: Definition): Promise<object[]> {
  const text = JSON.stringify({ ...definition, Comment: '' });
  // The validator writes into what it is given.
  known.set(text, known.get(text) ?? (await validate(JSON.parse(text), { checkPaths: true, checkArn: false })).errors);
  return known.get(text)!;
}

test.each(names)(
  '%s is valid Amazon States Language with valid JSONata, shortened and in each of its cases',
  async (name) => {
    const definition = definitionOf(name);
    expect(await errorsIn(shortened(definition))).toEqual([]);
    for (const { id, mutated } of cases(definition)) expect([id, await errorsIn(mutated(standIns))]).toEqual([id, []]);
  },
  120_000,
);
