export type Status =
  | 'Pending'
  | 'InProgress'
  | 'Delayed'
  | 'Success'
  | 'Failed'
  | 'TimedOut'
  | 'Cancelling'
  | 'Cancelled';

/** A status of Systems Manager with its details. */
export interface Outcome {
  status: Status;
  details: string;
}

export const pending: Outcome = { status: 'Pending', details: 'Pending' };
/** It was tried to deliver, and is going to be again. */
export const delayed: Outcome = { status: 'Pending', details: 'Delayed' };
export const inProgress: Outcome = { status: 'InProgress', details: 'InProgress' };
export const success: Outcome = { status: 'Success', details: 'Success' };
export const failed: Outcome = { status: 'Failed', details: 'Failed' };
export const deliveryTimedOut: Outcome = { status: 'TimedOut', details: 'DeliveryTimedOut' };
export const executionTimedOut: Outcome = { status: 'TimedOut', details: 'ExecutionTimedOut' };
export const cancelling: Outcome = { status: 'Cancelling', details: 'Cancelling' };
export const cancelled: Outcome = { status: 'Cancelled', details: 'Cancelled' };

const final: readonly Status[] = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

export function isFinal({ status }: Outcome): boolean {
  return final.includes(status);
}

/** What ended parts come to as a whole, in the agent's order: one that failed outweighs one that was timed out. */
export function together(parts: readonly Outcome[]): Outcome {
  const order = [failed, executionTimedOut, deliveryTimedOut, cancelled];
  return order.find((one) => parts.some(({ details }) => details === one.details)) ?? success;
}
