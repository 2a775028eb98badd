import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  type IChainable,
  Parallel,
  Pass,
  type StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Scenario } from '../../lambdas/scenarios/scenario.ts';
import type { WatchedPhase } from '../../lambdas/watch/watch.ts';
import { FaultlineMachine } from '../machines/faultline-machine.ts';
import type { RunFunctions } from './run-functions.ts';
import { catching, invoke, type Next, runId, sliced } from './steps.ts';
import { tail } from './tail.ts';

/** The longest run is far below this; past it the execution is ended from outside. */
const machineTimeout = Duration.hours(2);

/**
 * One scenario's state machine, made from its specification: prepare, then the experiment beside two observers, then
 * the tail that every path ends in: revert, stop the load, verify, analyse, publish, release.
 */
export class ScenarioMachine extends Construct {
  readonly machine: StateMachine;
  private readonly functions: RunFunctions;

  constructor(scope: Construct, id: string, { scenario, functions }: { scenario: Scenario; functions: RunFunctions }) {
    super(scope, id);
    this.functions = functions;
    const end = tail(this, functions);
    const experiment = Parallel.jsonata(this, 'Experiment')
      .branch(this.guarded(this.experiment(scenario), scenario))
      .branch(this.observerLane(0))
      .branch(this.observerLane(1));
    catching(this, experiment, functions.recordError, end);
    // Whatever became of the experiment, a lane's output has the run's id.
    const over = Pass.jsonata(this, 'Experiment over', { outputs: { runId: '{% $states.input[1].runId %}' } });
    experiment.next(over).next(end);

    const prepared = Choice.jsonata(this, 'Dry run?')
      .when(Condition.jsonata("{% $states.input.status = 'dry-run' %}"), Succeed.jsonata(this, 'Touched nothing'))
      .otherwise(experiment);
    const prepare = invoke(this, 'Prepare', functions.prepare, '{% $states.input %}', {
      runId: '{% $states.result.Payload.runId %}',
      status: '{% $states.result.Payload.status %}',
      touches: '{% $states.result.Payload.touches %}',
      refusals: '{% $states.result.Payload.refusals %}',
    });
    this.machine = new FaultlineMachine(this, 'Machine', {
      name: `faultline-${scenario.id}`,
      comment: scenario.hypothesis,
      definition: prepare.next(prepared),
      timeout: machineTimeout,
    });
  }

  /**
   * An error ends the experiment in good order: what may be left of it is undone here, at once, and not only when the
   * observers have ended, who end with the load. The tail does it all again where this has failed as well.
   */
  private guarded(experiment: IChainable, scenario: Scenario): IChainable {
    const f = this.functions;
    const failed = Succeed.jsonata(this, 'Experiment failed');
    const next = { done: failed, stop: failed };
    const unload = sliced(this, 'Stop load after failure', f.stopLoad, { runId }, next, f.recordError);
    const undo = scenario.fault ? this.revertAfterFailure(unload) : unload;
    const guard = Parallel.jsonata(this, 'Guard').branch(experiment);
    catching(this, guard, f.recordError, undo);
    return guard;
  }

  private revertAfterFailure(next: IChainable): IChainable {
    const { revert, recordError } = this.functions;
    const state = invoke(this, 'Revert after failure', revert, { runId }, { runId });
    catching(this, state, recordError, next);
    return state.next(next);
  }

  /** A stop leads to the next state that undoes something: revert once a fault may be there, else the end of the load. */
  private experiment(scenario: Scenario): IChainable {
    const f = this.functions;
    const end = Succeed.jsonata(this, 'Experiment ended');
    const stopLoad = sliced(this, 'Stop load', f.stopLoad, { runId }, { done: end, stop: end });
    const after = this.watch('after', { done: stopLoad, stop: stopLoad });
    const recovery = this.watch('recovery', { done: after, stop: stopLoad });
    const hold = scenario.fault ? this.faulted(recovery) : this.watch('fault', { done: recovery, stop: stopLoad });
    const baseline = this.watch('baseline', { done: hold, stop: stopLoad });
    const spawned = this.watch('load', { done: baseline, stop: stopLoad });
    const started = scenario.fault ? this.rehearsed(spawned) : spawned;
    return sliced(this, 'Start load', f.startLoad, { runId }, { done: started, stop: stopLoad });
  }

  /** The way back is tried before the way in, while the users are spawned. */
  private rehearsed(next: IChainable): IChainable {
    const { revert, proveGone } = this.functions;
    const input = { runId, rehearsal: true };
    const revertState = invoke(this, 'Rehearse revert', revert, input, { runId });
    return revertState.next(invoke(this, 'Rehearse proof', proveGone, input, { runId }).next(next));
  }

  private faulted(recovery: IChainable): IChainable {
    const f = this.functions;
    const proveGone = sliced(this, 'Prove gone', f.proveGone, { runId }, { done: recovery, stop: recovery });
    const revert = invoke(this, 'Revert', f.revert, { runId }, { runId }).next(proveGone);
    const hold = this.watch('fault', { done: revert, stop: revert });
    const proveLanded = sliced(this, 'Prove landed', f.proveLanded, { runId }, { done: hold, stop: revert });
    return sliced(this, 'Inject', f.inject, { runId }, { done: proveLanded, stop: revert });
  }

  private watch(phase: WatchedPhase, next: Next): IChainable {
    return sliced(this, `Watch ${phase}`, this.functions.watch, { runId, phase }, next);
  }

  /** Slices 0, 2, 4 … or 1, 3, 5 …: the two lanes overlap, so that the end of one slice leaves no gap. */
  private observerLane(first: number): IChainable {
    const lane = `lane ${first}`;
    const observe = invoke(
      this,
      `Observe, ${lane}`,
      this.functions.observe,
      { runId, slice: '{% $states.input.slice %}' },
      { runId, slice: '{% $states.input.slice + 2 %}', ended: '{% $states.result.Payload.ended %}' },
    );
    const ended = Choice.jsonata(this, `Ended, ${lane}?`)
      .when(Condition.jsonata('{% $states.input.ended %}'), Succeed.jsonata(this, `Observed, ${lane}`))
      .otherwise(observe);
    observe.next(ended);
    return Pass.jsonata(this, `First slice, ${lane}`, { outputs: { runId, slice: first } }).next(observe);
  }
}
