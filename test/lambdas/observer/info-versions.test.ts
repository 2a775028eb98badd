import { infoVersions } from '../../../lambdas/observer/info-versions.ts';

test('versions are those of info metrics, and of nothing else', () => {
  const text = [
    '# HELP nodejs_version_info Node.js version info.',
    'nodejs_version_info{version="v24.1.0",major="24",minor="1",patch="0"} 1',
    'app_build_info{commit="abc, version=\\"no\\"",version="1.1.0"} 1.0',
    'target_info{service="shop"} 1',
    'old_info{version="1"} 0',
    'requests_total{version="v1"} 1',
    'python_info{implementation="CPython",version="3.13"} 1',
    `long_info{version="${'9'.repeat(61)}"} 1`,
  ].join('\n');
  expect(infoVersions(text)).toEqual({ nodejs: 'v24.1.0', app: '1.1.0', python: '3.13' });
});
