/**
 * Process 1 of the sandbox. Everything of the run lives in its namespaces and ends with it: when it exits the kernel
 * kills every process in them, and with the last of them go their mounts, links and addresses.
 */
import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { endpointAddress, resolverAddress, routerAddress, taskMetadataAddress, vpcCidr } from '../addresses.ts';
import { type FaultPlane, startFaultPlane } from '../ecs/fault-plane.ts';
import { startMinistack } from './ministack.ts';
import type { FromSandbox, Question, SandboxConfig, ToSandbox } from './protocol.ts';

let faultPlane: FaultPlane | undefined;

function tell(message: FromSandbox): void {
  process.send?.(message);
}

function die(reason: string): void {
  tell({ type: 'died', reason });
  // Leaves the message time to be written; the parent ends the sandbox anyway.
  setTimeout(() => process.exit(1), 200).unref();
}

function setUpNetwork(config: SandboxConfig): void {
  const script = join(import.meta.dirname, 'network.sh');
  const addresses = [vpcCidr, routerAddress, resolverAddress, endpointAddress, taskMetadataAddress];
  const result = spawnSync('/bin/sh', [script, config.stateDir, ...addresses], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`the run's network could not be made: ${result.stderr.trim()}`);
}

async function start(config: SandboxConfig): Promise<void> {
  tell({ type: 'started' });
  setUpNetwork(config);
  tell({ type: 'progress', text: 'starting the AWS emulator' });
  const ministack = await startMinistack(config);
  watch(ministack, config);
  faultPlane = await startFaultPlane(config);
  tell({ type: 'ready' });
}

function watch(ministack: ChildProcess, config: SandboxConfig): void {
  ministack.once('exit', (code, signal) => {
    die(
      `the AWS emulator ended (${signal ?? `exit code ${code}`}); its log: ${join(config.stateDir, 'ministack.log')}`,
    );
  });
}

async function stop(graceMs: number): Promise<void> {
  await faultPlane?.close(graceMs / 1000).catch((error: Error) => console.error(error));
  tell({ type: 'stopped' });
}

/** Answers a question; one that cannot be answered gets the reason. */
async function answer(question: Question, { tasks, throttle, hosts }: FaultPlane): Promise<FromSandbox> {
  const { request } = question;
  switch (question.type) {
    case 'tasks':
      return { type: 'tasks', request, tasks: tasks() };
    case 'throttle':
      throttle(question.rules);
      return { type: 'throttle', request };
    case 'hosts':
      return { type: 'hosts', request, hosts: hosts.views() };
    case 'start-host':
      return { type: 'start-host', request, host: await hosts.start(question.spec) };
    case 'stop-host':
      await hosts.stop(question.instanceId);
      return { type: 'stop-host', request };
    case 'host-command':
      return { type: 'host-command', request, result: await hosts.run(question.instanceId, question.script) };
  }
}

process.on('message', (message: ToSandbox) => {
  if (message.type === 'start') start(message.config).catch((error: Error) => die(error.message));
  else if (message.type === 'stop') void stop(message.graceMs);
  else {
    const { request } = message;
    answer(message, faultPlane!).then(tell, ({ message: reason }: Error) => tell({ type: 'refused', request, reason }));
  }
});
// The parent is gone, however it went: so is the run.
process.on('disconnect', () => process.exit(0));
