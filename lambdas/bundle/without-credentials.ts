/** A text, JSON above all, in which no address names a user or a password: `https://ann:secret@host` is `https://host`. */
export const withoutCredentials = (text: string): string =>
  text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]*@/gi, '$1');
