import { readBundle } from '../../../infra/cli/report-folder.ts';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { evidenceOf } from '../../../lambdas/bundle/run-evidence.ts';

/** A process of its own that analyses one run's folder once, and says what that took. */
const [runId = '', folder = ''] = process.argv.slice(2);
const files = readBundle(folder);
const started = performance.now();
const cpu = process.cpuUsage();
const result = JSON.stringify(analyse(evidenceOf(runId, files)));
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const cpuSeconds = (user + system) / 1e6;
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ seconds, cpuSeconds, megabytes, verdict: JSON.parse(result).verdict }));
