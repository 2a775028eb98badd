import { isForm, isIdentifiedForm } from '../../../../infra/local/ecs/access-key.ts';

const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const form = (...parts: string[]) => Buffer.from(`${parts.join('')}--b--\r\n`);
const credential = (key: string) => part('X-Amz-Credential', `${key}/20261124/us-east-1/s3/aws4_request`);

test('only a POST of form data is a form', () => {
  expect(isForm('POST', { 'content-type': 'multipart/form-data; boundary=b' })).toBe(true);
  expect(isForm('PUT', { 'content-type': 'multipart/form-data; boundary=b' })).toBe(false);
  expect(isForm('POST', { 'content-type': 'application/json' })).toBe(false);
});

test('a form is let in by the key that it was signed with', () => {
  expect(isIdentifiedForm(form(part('key', 'a'), credential('AKIA0123456789ABCDEF'), part('file', 'x')))).toBe(true);
  expect(isIdentifiedForm(form(part('AWSAccessKeyId', 'AKIA0123456789ABCDEF')))).toBe(true);
});

test.each([
  ['names no key', form(part('key', 'a'), part('file', 'x'))],
  ['names an empty one', form(part('x-amz-credential', ''))],
  ['names the key that the emulator takes for root', form(credential('test'))],
  ["names an account's number", form(credential('000000000000'))],
  ['names such a one beside a good one', form(credential('AKIA0123456789ABCDEF'), credential('test'))],
])('a form that %s is not', (_, body) => {
  expect(isIdentifiedForm(body)).toBe(false);
});
