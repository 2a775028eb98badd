import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { apiHandler } from '../../../lambdas/api/api.ts';
import { type ApiCall, answerOf, eventOf, problem } from '../support/api.ts';
import { apiOnOwnStore } from '../support/api-on-store.ts';

const { Api } = apiOnOwnStore();

describe('a bad request is refused in one line', () => {
  const bytes = (length: number) => JSON.stringify({ target: 'shop', scenarios: ['x'.repeat(length)] });

  test.each<[string, Partial<ApiCall>, number, string, RegExp]>([
    ['no JSON', { body: '{"target":\n"sh' }, 400, 'not-json', /^the body is not JSON$/],
    ['no body', { body: undefined }, 400, 'not-json', /^the body is missing$/],
    ['another form', { headers: { 'Content-Type': 'text/plain' } }, 415, 'media-type-unsupported', /application\/json/],
    ['too large', { body: bytes(66_000) }, 413, 'body-too-large', /at most 65536/],
    ['an unknown key', { body: { target: 'shop', by: 'me' } }, 400, 'input-invalid', /"by"/],
    ['__proto__', { body: '{"target":"shop","__proto__":{"profile":"full"}}' }, 400, 'input-invalid', /__proto__/],
    ['no target', { body: {} }, 400, 'input-invalid', /^target: /],
    [
      'an unknown scenario',
      { body: { target: 'shop', scenarios: ['slow-querry'] } },
      400,
      'input-invalid',
      /^scenarios.0/,
    ],
    ['a scenario twice', { body: { target: 'shop', scenarios: ['control', 'control'] } }, 400, 'input-invalid', /once/],
    ['a bad key', { headers: { 'Idempotency-Key': 'a b' } }, 400, 'input-invalid', /^Idempotency-Key: /],
    ['nobody', { identity: {} }, 403, 'caller-unknown', /identity/],
    ['an unknown route', { path: '/game-days/x/y/z' }, 404, 'route-unknown', /no POST \/game-days\/x\/y\/z/],
    ['a wrong method', { method: 'DELETE' }, 405, 'method-not-allowed', /it takes POST, GET$/],
    ['a method that is none', { method: '__proto__' }, 405, 'method-not-allowed', /it takes POST, GET$/],
    ['a bad id', { method: 'GET', path: '/runs/UPPER' }, 400, 'input-invalid', /^runId: /],
    [
      'a reason of two lines',
      { path: '/runs/abc/stop', body: { reason: 'a\nb' } },
      400,
      'input-invalid',
      /^reason: .*one line/,
    ],
    ['a reason that hides', { path: '/runs/abc/stop', body: { reason: 'a\u202eb' } }, 400, 'input-invalid', /one line/],
    ['an empty reason', { path: '/runs/abc/stop', body: { reason: '  ' } }, 400, 'input-invalid', /^reason: /],
  ])('%s', async (_what, changes, status, type, detail) => {
    const api = new Api();
    const call = { method: 'POST', path: '/game-days', body: { target: 'shop' }, ...changes } as ApiCall;
    const answer = await api.call(call);
    expect(answer).toEqual(problem(status, type, expect.stringMatching(detail)));
    expect(answer.body.detail).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(answer.body.detail.length).toBeLessThanOrEqual(1001);
    expect(api.started).toEqual([]);
  });

  test('a wrong method is told which would be right', async () => {
    const answer = await new Api().call({ method: 'POST', path: '/safety-lever', body: {} });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, PUT']);
  });

  test('a body that came encoded is read', async () => {
    const api = new Api();
    const body = Buffer.from(JSON.stringify({ target: api.id, scenarios: ['control'] })).toString('base64');
    const event: APIGatewayProxyEvent = {
      ...eventOf({ method: 'POST', path: '/game-days', body }),
      isBase64Encoded: true,
    };
    const answer = answerOf(await apiHandler(() => api.services)(event, {} as Context));
    expect(answer.status).toBe(202);
  });
});
