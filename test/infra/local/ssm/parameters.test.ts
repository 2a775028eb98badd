import { findDocument } from '../../../../infra/local/ssm/command-document.ts';
import { effectiveParameters } from '../../../../infra/local/ssm/parameters.ts';
import { documents } from '../../../../infra/ssm/documents.ts';

const document = {
  schemaVersion: '2.2' as const,
  mainSteps: [{ action: 'aws:runShellScript' as const, name: 'only', inputs: { runCommand: 'true' } }],
  parameters: {
    Name: { type: 'String' as const, allowedPattern: '^[a-z]+$', minChars: 2, maxChars: 4 },
    Mode: { type: 'String' as const, allowedValues: ['on', 'off'], default: 'on' },
    List: { type: 'StringList' as const, default: [], maxItems: 2, maxChars: 3 },
  },
};

test('what is not given has its default', () => {
  expect(effectiveParameters(document, { Name: ['abc'] })).toEqual({ Name: 'abc', Mode: 'on', List: [] });
  expect(effectiveParameters(document, { Name: ['abc'], List: ['a', 'b'] })).toMatchObject({ List: ['a', 'b'] });
});

test.each([
  [{}, /Name: a value is required/],
  [{ Name: [] }, /Name: it takes one value, not 0/],
  [{ Name: ['ab', 'cd'] }, /Name: it takes one value, not 2/],
  [{ Name: ['ab1'] }, /Name: .*allowed pattern \^\[a-z\]\+\$/],
  [{ Name: ['ab\n'] }, /Name: .*allowed pattern/],
  [{ Name: ['a'] }, /Name: 1 characters are not from 2 to 4/],
  [{ Name: ['abcde'] }, /Name: 5 characters/],
  [{ Name: ['ab'], Mode: ['maybe'] }, /Mode: .*on, off/],
  [{ Name: ['ab'], List: ['a', 'b', 'c'] }, /List: 3 values/],
  [{ Name: ['ab'], List: ['abcd'] }, /List: 4 characters/],
  [{ Name: ['ab'], Other: ['x'] }, /Other: the document has no such parameter/],
  [{ Name: ['ab'], constructor: ['x'] }, /constructor: the document has no such parameter/],
])('%j is refused', (given, reason) => {
  expect(() => effectiveParameters(document, given as Record<string, string[]>)).toThrow(
    expect.objectContaining({ code: 'InvalidParameters', message: expect.stringMatching(reason) }),
  );
});

const attempts = [
  '$(id)',
  '`id`',
  '; id',
  '| id',
  '&& id',
  "' id '",
  '" id "',
  'a\nid',
  'a\n',
  '{{ RunId }}',
  '$$',
  '\\',
];
const parameters = documents.flatMap(({ name }) =>
  Object.keys(findDocument(documents, name).parameters).map((parameter) => [name, parameter] as const),
);

test.each(parameters)('no shell syntax passes for %s %s', (name, parameter) => {
  const { parameters: defined } = findDocument(documents, name);
  const only = { ...document, parameters: { [parameter]: defined[parameter]! } };
  const passed = attempts.filter((attempt) => {
    try {
      return effectiveParameters(only, { [parameter]: [attempt] });
    } catch (error) {
      expect(error).toMatchObject({ code: 'InvalidParameters' });
      return false;
    }
  });
  expect(passed).toEqual([]);
});
