// The token that a form has to bring: a new log-in, in whatever window, makes the old void.

export const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
