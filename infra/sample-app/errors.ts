/** A dependency cannot serve now; the same request may succeed a moment later (HTTP 503). */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** The database could not be reached or dropped the connection. */
export class DatabaseUnavailable extends Unavailable {
  override name = 'DatabaseUnavailable';
  /** False where the failure was itself a time-out: trying again would only make the caller wait longer. */
  readonly worthRetrying: boolean;

  constructor(cause: Error, worthRetrying: boolean) {
    super(`database unavailable: ${cause.message}`, { cause });
    this.worthRetrying = worthRetrying;
  }
}

export class CacheUnavailable extends Unavailable {
  override name = 'CacheUnavailable';

  constructor(cause: Error) {
    super(`cache unavailable: ${cause.message}`, { cause });
  }
}

/** Refused without being tried: the queue is full or the circuit is open (HTTP 503). */
export class Shed extends Unavailable {
  override name = 'Shed';
}

/** The statement was ended by the server at the time limit (HTTP 504). */
export class TookTooLong extends Error {
  override name = 'TookTooLong';
}

/** A client's mistake, answered with `status` (4xx) and shown to it in full. */
export class ClientError extends Error {
  override name = 'ClientError';
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
