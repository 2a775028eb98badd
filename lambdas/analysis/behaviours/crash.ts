import { dataClasses } from '../../evidence/ledger.ts';
import { missing } from '../facts.ts';
import { clockTime, count, plural, secondsText } from '../format.ts';
import { processHistory } from '../hosts.ts';
import { inFlight } from '../load.ts';
import { sum } from '../robust.ts';
import { samplesIn } from '../samples.ts';
import { type Behaviour, comparing, no, partly, unknown, yes } from './behaviour.ts';

/** A new process takes the place of the killed one, once, and serves. */
export const supervisorRestart: Behaviour = (facts) => {
  const { phases, samples, hosts } = facts;
  const { crash } = facts.recovery;
  if (!crash) return unknown('not measured: no process was killed');
  const end = phases.after?.end ?? phases.recovery?.end ?? phases.fault?.end;
  if (end === undefined) return unknown(missing(facts, 'during'));
  const start = phases.baseline?.start ?? 0;
  const history = processHistory(
    hosts.filter((h) => h.at >= start && h.at < end),
    samplesIn(samples, { start, end }),
  );
  if (!history) return unknown('not measured: neither a host nor the application showed its process');
  if (crash.startedAt === null)
    return no(`no new process in ${secondsText(end - crash.killed.earliest)} since the kill`);
  const own = history.hosts.find((l) => l.length > 1) ?? history.hosts[0]!;
  const pids = own.map((l) => l.pid).filter((pid) => pid !== null);
  const again = own.length - 1;
  const evidence =
    `${pids.length > 1 ? `process ${pids.join(', then ')}` : 'a new process'}, ` +
    `started ${secondsText(Math.max(0, crash.startedAt - crash.killed.earliest))} after the kill (${clockTime(crash.startedAt)})` +
    (crash.servedAt === null
      ? ', which never answered its health check'
      : `, healthy after ${secondsText(crash.servedAt - crash.killed.earliest)}`);
  if (crash.servedAt === null) return no(evidence);
  return again > 1 ? partly(`${evidence}; restarted ${again} times in all`) : yes(evidence);
};

/** Connections that broke are noticed and made anew within this. */
const reconnectSeconds = 5;

/** Only what was in flight at the kill fails, and nothing that was acknowledged is lost. */
export const lostRequests = comparing((before, _during, facts) => {
  const { crash } = facts.recovery;
  const usual = inFlight(before.load);
  if (!crash || usual === null) return unknown('not measured: no process was killed');
  const killed = crash.killed.earliest;
  const end = facts.phases.after?.end ?? facts.phases.fault!.end;
  const failing = facts.seconds.filter((w) => w.t >= Math.floor(killed) && w.t < end && w.failures > 0);
  const failed = sum(failing.map((w) => w.failures));
  const later = sum(failing.filter((w) => w.t > (crash.servedAt ?? end) + reconnectSeconds).map((w) => w.failures));
  const measured = dataClasses.map((c) => facts.losses[c]).filter((l) => l.notMeasured === null);
  const lost = sum(measured.map((l) => l.lost.length));
  // A Poisson count stays within three standard deviations of its mean.
  const allowed = Math.ceil(usual + 3 * Math.sqrt(usual)) + 1;
  const when = failing.length ? ` between ${clockTime(failing[0]!.t)} and ${clockTime(failing.at(-1)!.t + 1)}` : '';
  const evidence =
    `${plural(failed, 'request')} failed${when} (${usual.toFixed(1)} in flight at any time before the kill), ` +
    `${crash.servedAt === null ? 'no new process served' : `${count(later)} after the new process had served for ${reconnectSeconds} s`}; ` +
    (measured.length
      ? `${count(lost)} of ${plural(sum(measured.map((l) => l.acked.length)), 'acknowledged write')} lost`
      : 'loss of data not measured');
  if (lost > 0 || later > allowed || crash.servedAt === null) return no(evidence);
  return failed <= allowed && measured.length > 0 ? yes(evidence) : partly(evidence);
});
