import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findApi } from '../../../infra/cli/find-api.ts';
import { processId } from '../../../infra/local/process-id.ts';
import { type LocalOperator, livingOperators, writeOperatorFile } from '../../../infra/local/run/operator-file.ts';

const operatorAt = (port: number): LocalOperator => ({
  url: `http://127.0.0.1:${port}/_aws/execute-api/abc/v1`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'A', secretAccessKey: 'B' },
});

describe('the run that is going on on this machine', () => {
  const here =
    (...ports: number[]) =>
    () =>
      ports.map(operatorAt);

  test('is found, and by its port where there are several', () => {
    expect(findApi({}, here(4566))).toEqual(operatorAt(4566));
    expect(findApi({ FAULTLINE_PORT: '4567' }, here(4566, 4567))).toEqual(operatorAt(4567));
  });

  test.each(['banana', '70000', ''])('is not looked for at what is no port: %j', (port) => {
    expect(() => findApi({ FAULTLINE_PORT: port }, here(4566))).toThrow(
      new RangeError(`FAULTLINE_PORT is "${port}"; it has to be a port from 1 to 65535`),
    );
  });

  test('has to be one', () => {
    expect(() => findApi({}, here())).toThrow(
      /^nothing runs here: start it with npx faultline up, or set FAULTLINE_API/,
    );
    expect(() => findApi({ FAULTLINE_PORT: '1' }, here(4566))).toThrow(/^nothing runs here at FAULTLINE_PORT 1:/);
    expect(() => findApi({}, here(4566, 4567))).toThrow(/FAULTLINE_PORT to one of 4566, 4567$/);
  });
});

describe('a deployment that FAULTLINE_API names', () => {
  const nobody = () => {
    throw new Error('not looked for');
  };
  const url = 'https://abc123.execute-api.eu-west-1.amazonaws.com/v1';

  test('has its region in its name, or in the environment, and the credentials of the environment', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKID';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    try {
      const found = findApi({ FAULTLINE_API: `${url}/`, AWS_REGION: 'us-east-1' }, nobody);
      expect(found).toMatchObject({ url, region: 'eu-west-1' });
      const { credentials } = found;
      expect(await (credentials as () => Promise<unknown>)()).toMatchObject({ accessKeyId: 'AKID' });
    } finally {
      delete process.env.AWS_ACCESS_KEY_ID;
      delete process.env.AWS_SECRET_ACCESS_KEY;
    }
    const own = findApi({ FAULTLINE_API: 'https://chaos.example.com/v1', AWS_DEFAULT_REGION: 'us-east-2' }, nobody);
    expect(own).toMatchObject({ url: 'https://chaos.example.com/v1', region: 'us-east-2' });
  });

  test.each([
    'nope',
    'ftp://x.example.com',
    'http://x.example.com/v1',
    `${url}?a=b`,
    `${url}#a`,
    'https://a:b@x.example.com',
  ])('has to be an address that nobody can listen to: %s', (text) => {
    expect(() => findApi({ FAULTLINE_API: text, AWS_REGION: 'us-east-1' }, nobody)).toThrow(RangeError);
  });

  test('has to have a region', () => {
    expect(() => findApi({ FAULTLINE_API: 'http://localhost:1/v1' }, nobody)).toThrow(/set AWS_REGION/);
  });
});

describe("the operator's file", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'faultline-operators-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function stateFolder(name: string, owner: unknown): string {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    return folder;
  }

  test('is read by its owner alone', () => {
    const folder = stateFolder('a', {});
    writeOperatorFile(folder, operatorAt(4566));
    expect(statSync(join(folder, 'operator.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, 'operator.json'), 'utf8'))).toEqual(operatorAt(4566));
  });

  test('counts while the process lives that owns its folder', () => {
    writeOperatorFile(stateFolder('living', { ...processId(process.pid), socket: '' }), operatorAt(1));
    writeOperatorFile(stateFolder('ended', { pid: process.pid, startTime: '1' }), operatorAt(2));
    writeOperatorFile(stateFolder('odd', { pid: 'x' }), operatorAt(3));
    stateFolder('deploying', processId(process.pid));
    expect(livingOperators(root)).toEqual([operatorAt(1)]);
    expect(livingOperators(join(root, 'not-there'))).toEqual([]);
  });
});
