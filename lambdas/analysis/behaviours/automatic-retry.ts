import { increase } from '../counters.ts';
import { clockTime, count, secondsText } from '../format.ts';
import { appMetric, gauge, probedAt, samplesIn } from '../samples.ts';
import { type Behaviour, no, partly, unknown, yes } from './behaviour.ts';

/** Back in steady state with the process that was there before the fault. */
export const automaticRetry: Behaviour = ({ before, phases, recovery, samples, after }) => {
  const { rto, censoredAt, reason } = recovery;
  if (rto === null && censoredAt === null) return unknown(`not measured: ${reason}`);
  if (rto === null) return no(`not back in steady state ${secondsText(censoredAt!)} after the revert`);
  const end = phases.after?.end ?? phases.recovery!.end;
  const later = samplesIn(samples, { start: recovery.origin!.earliest, end });
  const original = gauge(before?.samples ?? [], 'processStart').at(-1);
  const present = gauge(after?.samples ?? later, 'processStart').at(-1);
  const counted = (metric: 'databaseReconnects' | 'databaseRetries') =>
    increase(
      samplesIn(samples, { start: phases.injectAt ?? recovery.origin!.earliest, end }).map((s) => ({
        at: probedAt(s),
        value: appMetric(s, metric),
      })),
    )?.total;
  const reconnects = counted('databaseReconnects');
  const retries = counted('databaseRetries');
  const figures = [
    reconnects === undefined ? null : `${count(reconnects)} reconnections`,
    retries === undefined ? null : `${count(retries)} retries`,
  ].filter((f) => f !== null);
  const back = `recovered ${secondsText(rto.seconds)} after the revert${figures.length ? ` with ${figures.join(' and ')}` : ''}`;
  if (original === undefined || present === undefined) return partly(`${back}; whether it was restarted is not known`);
  if (Math.abs(present - original) > 1) return no(`${back}, but only after a restart at ${clockTime(present)}`);
  return yes(`${back}, same process since ${clockTime(original)}`);
};
