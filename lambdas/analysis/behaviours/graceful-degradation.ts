import { count, percent, plural } from '../format.ts';
import type { EndpointTally } from '../load.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const served = 0.99;
const mostlyServed = 0.5;
/** Below this an endpoint's success rate says nothing. */
const minRequests = 10;

const success = (e: EndpointTally) => e.ok / e.requests;

/** Some endpoints are still served (99 % or more) while others fail. */
export const gracefulDegradation = comparing((_before, { load }) => {
  const judged = load.byEndpoint.filter((e) => e.requests >= minRequests);
  if (judged.length === 0) {
    return load.windows.length && load.requests === 0
      ? no('no request ended while the fault was held')
      : unknown(
          `no endpoint has ${minRequests} requests that ended during the fault (${plural(load.requests, 'request')} in all)`,
        );
  }
  const good = judged.filter((e) => success(e) >= served);
  const best = judged.reduce((a, b) => (success(b) > success(a) ? b : a));
  const evidence =
    `${good.length} of ${judged.length} endpoints still served at least ${percent(served)} of their requests` +
    ` (best: ${best.endpoint} ${percent(success(best))} of ${count(best.requests)})`;
  if (good.length > 0) return yes(evidence);
  return success(best) >= mostlyServed ? partly(evidence) : no(evidence);
});
