/** A refusal as Systems Manager words it. @param code one of the errors that the operation documents */
export class SsmError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SsmError';
    this.code = code;
  }
}
