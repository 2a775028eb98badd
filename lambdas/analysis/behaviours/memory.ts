import { type Facts, missingHosts } from '../facts.ts';
import { clockTime, count, plural } from '../format.ts';
import { type Life, oomKills, type ProcessHistory, processHistory, restarts, swapRates } from '../hosts.ts';
import { samplesIn } from '../samples.ts';
import { thrashing, thrashingRule } from '../thrashing.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

/** From the baseline on: a counter needs a reading from before the fault. */
function whole({ phases, hosts, samples }: Facts) {
  const span = { start: phases.baseline!.start, end: phases.after?.end ?? phases.recovery?.end ?? phases.fault!.end };
  return {
    hosts: hosts.filter((h) => h.at >= span.start && h.at < span.end),
    samples: samplesIn(samples, span),
  };
}

const named = ({ pid, startedAt }: Life) =>
  `${pid === null ? 'process' : `process ${pid}`} since ${clockTime(startedAt)}`;

const lifeText = ({ hosts }: ProcessHistory) => hosts.map((own) => own.map(named).join(', then ')).join('; ');

/** The OOM killer ends nothing of the application. */
export const oomKiller = comparing((_before, _during, facts) => {
  const { hosts, samples } = whole(facts);
  if (hosts.length === 0) return unknown(missingHosts(facts));
  const kills = oomKills(hosts);
  const history = processHistory(hosts, samples);
  const evidence = `the kernel's OOM killer ended ${kills === 1 ? '1 process' : `${count(kills)} processes`}`;
  if (kills === 0) return yes(`${evidence} in ${plural(hosts.length, 'sample')}`);
  if (!history) return unknown(`${evidence}; whether the application was among them is not known`);
  const again = restarts(history);
  if (again > 0 || history.absent > 0)
    return no(`${evidence}, and the application was restarted: ${lifeText(history)}`);
  return yes(`${evidence}, none of the application: ${lifeText(history)}`);
});

/** The application's process is there throughout, and is the same. */
export const processCrashes = comparing((_before, _during, facts) => {
  const { hosts, samples } = whole(facts);
  const history = processHistory(hosts, samples);
  if (!history) return unknown(missingHosts(facts));
  const again = restarts(history);
  const evidence =
    `${plural(again, 'restart')} in ${plural(history.samples, 'sample')}, ` +
    `${history.absent === 0 ? 'never absent' : `absent in ${count(history.absent)}`}: ${lifeText(history)}`;
  return again > 0 || history.absent > 0 ? no(evidence) : yes(evidence);
});

/** Memory is not moved to swap and back at the same time. */
export const swapThrashing = comparing((_before, _during, facts) => {
  const { fault, after } = facts.phases;
  const hosts = facts.hosts.filter((h) => h.at >= fault!.start && h.at < (after?.end ?? fault!.end));
  const rates = swapRates(hosts);
  const measured = rates.flat().length;
  if (measured === 0) return unknown(missingHosts(facts));
  const { seconds, longest, most } = thrashing(rates);
  const evidence =
    `${seconds === 0 ? 'no thrashing' : `thrashing in ${count(seconds)} of ${plural(measured, 'sample')}, ${longest} in a row`} ` +
    `(at most ${count(most.in)} pages/s in and ${count(most.out)} out; thrashing is ${thrashingRule.pagesPerSecond} both ways at once)`;
  if (seconds === 0) return yes(evidence);
  return longest >= thrashingRule.consecutive ? no(evidence) : partly(evidence);
});
