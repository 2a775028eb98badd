import { readable } from './readable.ts';

test('a state machine is laid open state by state, with the names of what it invokes', () => {
  const parts = ['{"StartAt":"A","States":{"A":{"Resource":"', { 'Fn::GetAtt': ['Fn1', 'Arn'] }, '"}}}'];
  expect(readable({ DefinitionString: { 'Fn::Join': ['', parts] } })).toBe(
    ['DefinitionString:', '  StartAt: A', '  States:', '    A:', `      Resource: $\{Fn1.Arn}`, ''].join('\n'),
  );
});

test('an asset has no hash, and a text that only begins like JSON stays as it is', () => {
  expect(readable({ Key: `${'0a'.repeat(32)}.zip`, Text: '{% $states.input %}' })).toBe(
    'Key: <asset>.zip\nText: "{% $states.input %}"\n',
  );
});

test('what is joined with a separator is not one text', () => {
  expect(readable({ 'Fn::Join': [',', ['a', { Ref: 'B' }]] })).toContain('Fn::Join');
});
