import { parse } from 'yaml';
import { findDocument } from '../../../infra/local/ssm/command-document.ts';
import { type CommandDocument, documents, documentText } from '../../../infra/ssm/documents.ts';

/** https://docs.aws.amazon.com/general/latest/gr/ssm.html: 64 KB. */
const largestDocument = 64 * 1024;

const scriptOf = ({ content }: CommandDocument) => content.mainSteps[0]!.inputs.runCommand.join('\n');
const parametersOf = ({ content }: CommandDocument) => Object.entries(content.parameters);

test('there is a document for each fault, for its end, for what the host says and for the sampler', () => {
  expect(documents.map(({ name }) => name)).toEqual([
    'Faultline-NetworkLatency',
    'Faultline-MemoryPressure',
    'Faultline-CpuSaturation',
    'Faultline-ProcessKill',
    'Faultline-Revert',
    'Faultline-Status',
    'Faultline-Sampler',
  ]);
});

test('a name that no document has is answered with those that there are', () => {
  expect(() => documentText('Faultline-Nothing')).toThrow(/no document Faultline-Nothing; there are Faultline-Netw/);
});

afterAll(() => {
  process.stdout.write(`SSM documents: ${documents.length} checked against the schema of Command documents\n`);
});

describe.each(documents.map((document) => [document.name, document] as const))('%s', (name, document) => {
  test('is a Command document as Systems Manager takes it', () => {
    expect(findDocument(documents, name)).toMatchObject({ schemaVersion: '2.2' });
    expect(document.content.mainSteps).toHaveLength(1);
    expect(document.content.mainSteps[0]!.precondition).toEqual({ StringEquals: ['platformType', 'Linux'] });
    expect(JSON.stringify(document.content).length).toBeLessThan(largestDocument);
  });

  test('its text is the whole document', () => {
    expect(parse(documentText(name))).toEqual(document.content);
    expect(documentText(name)).not.toContain('!script');
  });

  test('bounds every parameter with a pattern that holds for the whole value, here and in the agent', () => {
    for (const [, { allowedPattern, allowedValues }] of parametersOf(document)) {
      expect(allowedPattern).toMatch(/^\^.*\$$/);
      // An alternative outside brackets would be anchored at one end only.
      expect(allowedPattern.slice(1, -1).replace(/\((?:[^()]|\([^()]*\))*\)/g, '')).not.toContain('|');
      // Go's regular expressions, which are the agent's, repeat 1,000 times at most.
      for (const [, most] of allowedPattern.matchAll(/\{\d+,(\d+)\}/g)) expect(Number(most)).toBeLessThan(1000);
      for (const value of allowedValues ?? []) expect(value).toMatch(new RegExp(allowedPattern));
    }
  });

  test('has defaults that it would take itself', () => {
    for (const [, { default: value, allowedPattern, allowedValues }] of parametersOf(document)) {
      if (value === undefined) continue;
      expect(value).toMatch(new RegExp(allowedPattern));
      if (allowedValues) expect(allowedValues).toContain(value);
    }
  });

  test('has no parameter in the text of its script, and every one in its environment', () => {
    const script = scriptOf(document);
    expect(script).toMatch(/^#!\/bin\/bash\n/);
    expect(script).not.toContain('{{');
    // In what it substitutes the agent makes one of two.
    expect(script).not.toContain('$$');
    for (const [parameter, { interpolationType }] of parametersOf(document)) {
      if (parameter === 'ExecutionSeconds') {
        expect(interpolationType).toBeUndefined();
        continue;
      }
      expect(interpolationType).toBe('ENV_VAR');
      expect(script).toMatch(new RegExp(`(parameter|integer)(\\("| )${parameter}\\b`));
    }
  });
});
