import type { FromSandbox, ToSandbox } from './sandbox/protocol.ts';

type Asked = Extract<FromSandbox, { request: number }>['type'];
type Request<T extends Asked> = Extract<ToSandbox, { type: T }>;
type Answer<T extends Asked> = Extract<FromSandbox, { type: T; request: number }>;

/** Asks the sandbox's process 1, and gives each answer to who asked. An answer has its question's type. */
export class SandboxRequests {
  private readonly send: (message: ToSandbox) => void;
  private readonly died: Promise<never>;
  private readonly pending = new Map<number, (answer: never) => void>();
  private count = 0;

  /** @param died the reason why no answer comes any more */
  constructor(send: (message: ToSandbox) => void, died: Promise<string>) {
    this.send = send;
    this.died = died.then((reason) => Promise.reject(new Error(reason)));
    this.died.catch(() => {});
  }

  /** @throws with the reason of its death when the sandbox does not live to answer */
  ask<T extends Asked>(question: Omit<Request<T>, 'request'> & { type: T }): Promise<Answer<T>> {
    const request = ++this.count;
    const answer = new Promise<Answer<T>>((resolve) => {
      this.pending.set(request, resolve);
      this.send({ ...question, request } as Request<T>);
    });
    return Promise.race([answer, this.died]);
  }

  answered(answer: Answer<Asked>): void {
    this.pending.get(answer.request)?.(answer as never);
    this.pending.delete(answer.request);
  }
}
