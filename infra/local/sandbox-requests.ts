import type { FromSandbox, ToSandbox } from './sandbox/protocol.ts';

type Asked = Exclude<Extract<FromSandbox, { request: number }>['type'], 'refused'>;
type Refused = Extract<FromSandbox, { type: 'refused' }>;
type Request<T extends Asked> = Extract<ToSandbox, { type: T }>;
type Answer<T extends Asked> = Extract<FromSandbox, { type: T; request: number }>;

/** Asks the sandbox's process 1, and gives each answer to who asked. An answer has its question's type. */
export class SandboxRequests {
  private readonly send: (message: ToSandbox) => void;
  private readonly died: Promise<never>;
  private readonly pending = new Map<number, PromiseWithResolvers<never>>();
  private count = 0;

  /** @param died the reason why no answer comes any more */
  constructor(send: (message: ToSandbox) => void, died: Promise<string>) {
    this.send = send;
    this.died = died.then((reason) => Promise.reject(new Error(reason)));
    this.died.catch(() => {});
  }

  /** @throws with the reason of its refusal, or of its death when the sandbox does not live to answer */
  ask<T extends Asked>(question: Omit<Request<T>, 'request'> & { type: T }): Promise<Answer<T>> {
    const request = ++this.count;
    const answer = Promise.withResolvers<Answer<T>>();
    this.pending.set(request, answer as PromiseWithResolvers<never>);
    this.send({ ...question, request } as Request<T>);
    return Promise.race([answer.promise, this.died]);
  }

  answered(answer: Answer<Asked> | Refused): void {
    const pending = this.pending.get(answer.request);
    if (answer.type === 'refused') pending?.reject(new Error(answer.reason));
    else pending?.resolve(answer as never);
    this.pending.delete(answer.request);
  }
}
