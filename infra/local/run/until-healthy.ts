import type { Target } from '../../../lambdas/target/target.ts';
import type { LocalStack } from '../stack.ts';

/** Waits until a target's application is healthy. @throws with what it answered last when it does not become so */
export async function untilHealthy(
  stack: Pick<LocalStack, 'exec'>,
  { endpoint, health }: Pick<Target, 'endpoint' | 'health'>,
  withinSeconds = 60,
): Promise<void> {
  const script = `const [url, seconds] = process.argv.slice(1);
    const deadline = Date.now() + seconds * 1000;
    for (let said = ''; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
        if (answer.status === 200) break;
        said = answer.status + ' ' + await answer.text();
      } catch (error) {
        said = error.cause?.message ?? error.message;
      }
      if (Date.now() > deadline) { console.error(said); process.exit(1); }
    }`;
  const { code, stderr } = await stack.exec(
    [process.execPath, '--input-type=module', '-e', script, `${endpoint}${health.path}`, String(withinSeconds)],
    { timeoutMs: (withinSeconds + 10) * 1000 },
  );
  if (code !== 0) throw new Error(`the application was not healthy within ${withinSeconds} s: ${stderr.trim()}`);
}
