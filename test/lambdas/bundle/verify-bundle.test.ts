import fc from 'fast-check';
import { type Files, manifestOf, manifestText } from '../../../lambdas/bundle/manifest.ts';
import { verifyBundle } from '../../../lambdas/bundle/verify-bundle.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

const runFiles = new Map([
  ['events.jsonl', bytes('{"at":1}\n')],
  ['windows/00000.jsonl', bytes('{"t":1,"text":"äöü"}\n')],
  ['result.json', bytes('{}')],
]);
const run = sealed({ kind: 'run', id: 'gd-1-control' }, runFiles);
const under = (prefix: string, files: Files) => [...files].map(([path, b]) => [prefix + path, b] as const);

const reportFiles = new Map([
  ['report.json', bytes('{}\n')],
  ['report.md', bytes('# Report\n')],
  ['runs/gd-1-control/manifest.json', run.get('manifest.json')!],
]);
const bundle: Files = new Map([
  ...sealed({ kind: 'game-day', id: 'gd-1' }, reportFiles),
  ...under('runs/gd-1-control/', run),
]);

function sealed(of: Parameters<typeof manifestOf>[0], files: Files): Map<string, Uint8Array> {
  return new Map([...files, ['manifest.json', bytes(manifestText(manifestOf(of, files)))]]);
}

test.each([
  ['of a run', run],
  ['of a game-day', bundle],
])('a bundle %s that nobody touched is sound', (_of, files) => {
  expect(verifyBundle(files)).toEqual([]);
});

const aFile = fc.constantFrom(...bundle.keys());

test('one flipped bit anywhere is found, in the file that it is in', () => {
  fc.assert(
    fc.property(aFile, fc.nat(), fc.nat(7), (path, at, bit) => {
      const flipped = Uint8Array.from(bundle.get(path)!);
      flipped[at % flipped.length]! ^= 1 << bit;
      expect(verifyBundle(new Map([...bundle, [path, flipped]]))).toEqual([{ path, problem: 'altered' }]);
    }),
    { numRuns: 2000 },
  );
});

test('so are bytes that come in or go, a file that goes, and one that comes', () => {
  fc.assert(
    fc.property(aFile, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat(3), (path, at, more, fewer) => {
      const old = [...bundle.get(path)!];
      const where = at % old.length;
      const other = Uint8Array.from([...old.slice(0, where), ...more, ...old.slice(where + fewer)]);
      const isSame = Buffer.compare(other, Uint8Array.from(old)) === 0;
      const problems = verifyBundle(new Map([...bundle, [path, other]]));
      expect(problems).toEqual(isSame ? [] : [{ path, problem: 'altered' }]);
    }),
  );
  for (const path of bundle.keys()) {
    const problems = verifyBundle(new Map([...bundle].filter(([p]) => p !== path)));
    expect(problems).toEqual([{ path, problem: 'missing' }]);
  }
  for (const path of ['more.json', 'runs/gd-1-control/ledger/00000.jsonl', 'runs/gd-1-other/manifest.json']) {
    expect(verifyBundle(new Map([...bundle, [path, bytes('x')]]))).toEqual([{ path, problem: 'added' }]);
  }
});

test('two files that changed places are both altered', () => {
  const swapped = new Map([
    ...bundle,
    ['report.json', bundle.get('report.md')!],
    ['report.md', bundle.get('report.json')!],
  ]);
  expect(verifyBundle(swapped).map(({ path, problem }) => `${path} ${problem}`)).toEqual([
    'report.json altered',
    'report.md altered',
  ]);
});

test("a run's evidence that was sealed anew does not fit its game-day any more", () => {
  const forged = sealed(
    { kind: 'run', id: 'gd-1-control' },
    new Map([...runFiles, ['result.json', bytes('{"verdict":"PASS"}')]]),
  );
  expect(verifyBundle(new Map([...bundle, ...under('runs/gd-1-control/', forged)]))).toEqual([
    { path: 'runs/gd-1-control/manifest.json', problem: 'altered' },
  ]);
});

test('a manifest that says the same in other words, or says more, is altered', () => {
  const text = Buffer.from(run.get('manifest.json')!).toString('utf8');
  const manifest = JSON.parse(text);
  for (const other of [
    JSON.stringify(manifest),
    `${text} `,
    manifestText({ ...manifest, more: 1 }),
    text.replace('1.0.0', '1.0.1'),
    'null',
    '',
  ]) {
    expect(verifyBundle(new Map([...run, ['manifest.json', bytes(other)]]))).toEqual([
      { path: 'manifest.json', problem: 'altered' },
    ]);
  }
});

test('a manifest cannot reach beyond its folder', () => {
  const reaching = sealed({ kind: 'run', id: 'gd-1-control' }, new Map([['../../etc/passwd', bytes('root')]]));
  expect(verifyBundle(new Map([['manifest.json', reaching.get('manifest.json')!]]))).toEqual([
    { path: '../../etc/passwd', problem: 'missing' },
  ]);
});
