import { withoutCredentials } from '../../../lambdas/bundle/without-credentials.ts';

test.each([
  ['{"endpoint":"https://ann:s3cret@shop.example.com:8000/a@b"}', '{"endpoint":"https://shop.example.com:8000/a@b"}'],
  ['locust --host http://ann@shop.example.com --users 3', 'locust --host http://shop.example.com --users 3'],
  ['redis://:s3cret@a, postgres://ann:p%40ss@b/c', 'redis://a, postgres://b/c'],
  ['https://shop.example.com/a?mail=ann@example.com', 'https://shop.example.com/a?mail=ann@example.com'],
  ['{"by":"ann@example.com","a":"http://x","b":"c@d"}', '{"by":"ann@example.com","a":"http://x","b":"c@d"}'],
])('%s', (text, expected) => {
  expect(withoutCredentials(text)).toBe(expected);
});
