/** Of the application: raised when it behaves otherwise. */
export const version = '1.1.0';
