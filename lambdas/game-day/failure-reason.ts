const longest = 300;
/** `TargetLeased: …`: see `namedErrors`. */
const hasName = /^[A-Z][A-Za-z]+: /;

/**
 * Why a child execution failed, in a line. Its cause is its whole description as JSON, in which is the failed state's
 * cause, which for a Lambda is JSON again: `{ errorType, errorMessage }`. What is not of that form is told as it is.
 */
export function failureReason(problem: string): string {
  const { Error: error, Cause: cause, errorType, errorMessage } = parsed(problem);
  if (typeof cause === 'string' && cause !== '') return failureReason(cause);
  if (typeof errorMessage === 'string') {
    return line(errorType && !hasName.test(errorMessage) ? `${errorType}: ${errorMessage}` : errorMessage);
  }
  return line(typeof error === 'string' ? error : problem);
}

const line = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, longest);

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
