import { plural, secondsText } from '../format.ts';
import { processHistory, restarts } from '../hosts.ts';
import { samplesIn } from '../samples.ts';
import { type Behaviour, no, partly, unknown, yes } from './behaviour.ts';

/** Steady state returns by itself, with the process that was there before the fault. */
export const recovery: Behaviour = ({ recovery: seen, phases, samples, hosts }) => {
  const { rto, censoredAt, basis, reason } = seen;
  if (rto === null && censoredAt === null) return unknown(`not measured: ${reason}`);
  if (rto === null) return no(`not back in steady state ${secondsText(censoredAt!)} after the revert`);
  const back =
    basis === 'restore'
      ? `users stayed in their steady state after the revert; the fault was gone after ${secondsText(rto.seconds)}`
      : `back in steady state ${secondsText(rto.seconds)} after the revert`;
  const span = { start: phases.baseline!.start, end: phases.after?.end ?? phases.recovery!.end };
  const history = processHistory(
    hosts.filter((h) => h.at >= span.start && h.at < span.end),
    samplesIn(samples, span),
  );
  if (!history) return partly(`${back}; whether the application was restarted is not known`);
  const again = restarts(history);
  return again > 0
    ? partly(`${back}, with ${plural(again, 'restart')} of the application`)
    : yes(`${back}, same process`);
};
