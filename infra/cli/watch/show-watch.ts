import { inOneLine } from '../../../lambdas/aws/one-line.ts';
import type { Verdict } from '../../../lambdas/runs/run.ts';
import type { CommandLine } from '../command.ts';
import type { Display } from '../display.ts';
import { describeLoad, phaseLabels, phaseTime } from '../progress.ts';
import type { WatchEvent } from './watch.ts';

type Paint = CommandLine['paint'];

const styles = { PASS: 'green', FAIL: 'red', ABORTED: 'yellow', INVALID: 'yellow', ERROR: 'red' } as const;

/** A verdict, or that there is none, as a person sees it. */
export const verdictText = (verdict: Verdict | null, paint: Paint) =>
  verdict === null ? paint('yellow', 'NOT RUN') : paint(styles[verdict], verdict);

/** Shows what is watched to a person, a line for each phase. Feed it the events one by one. */
export function showWatch(display: Display, paint: Paint, now: () => number): (event: WatchEvent) => void {
  let phase: Extract<WatchEvent, { type: 'phase' }> | null = null;
  let load = '';

  const told = (at: number) => {
    if (phase === null) return '';
    const times = { phase: phase.phase, phaseStartedAt: phase.at, phaseEndsAt: phase.endsAt };
    return [phaseTime(times, at).trim(), load].filter((part) => part !== '').join('  ');
  };
  const end = (at: number) => {
    if (phase) display.done(told(at));
    phase = null;
  };
  const line = (text: string, mark: 'well' | 'otherwise' = 'well') => {
    display.step(text);
    display.done(undefined, mark);
  };

  return (event) => {
    if (event.type === 'game-day') {
      line(`game-day ${event.gameDayId} on target '${event.target}' (${event.profile})`);
    } else if (event.type === 'phase') {
      end(event.at);
      load = '';
      if (event.phase === 'done') return;
      phase = event;
      display.step(`${event.scenario}  ${phaseLabels[event.phase]}`);
    } else if (event.type === 'window') {
      load = describeLoad(event);
      if (phase) display.update(told(now()));
    } else if (event.type === 'stop') {
      end(event.at);
      line(paint('yellow', `stopping: ${inOneLine(event.reason)} (${inOneLine(event.by)})`), 'otherwise');
    } else if (event.type === 'verdict') {
      end(event.at);
      const reason = event.reason ? `: ${inOneLine(event.reason)}` : '';
      line(
        `${event.scenario}  ${verdictText(event.verdict, paint)}${reason}`,
        event.verdict === 'PASS' ? 'well' : 'otherwise',
      );
    } else {
      line(`Over. Its report: npx faultline game-days report ${event.gameDayId}`);
    }
  };
}
