// What is filled in before it is sent: kept in this browser, for one person and one case,
// for a day at most. Log-out removes it (session.js), so does the act it becomes.

const PREFIX = "casework.draft.";
const LASTS = 24 * 3600 * 1000; // milliseconds
const ID_NUMBER = /(\d{4})\d{9,10}(\d{3}[\dXx])/g;

export function draftOf(owner, subject) {
  const key = `${PREFIX}${owner}.${subject}`;
  forgetOthers(owner);
  return {
    read() {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    // Say whether everything was kept; without room the photos stay on the page only.
    keep(content) {
      const told = { ...content, at: Date.now() };
      try {
        localStorage.setItem(key, text(told));
        return true;
      } catch {
        localStorage.removeItem(key);
        try {
          localStorage.setItem(key, text({ ...told, files: {} }));
        } catch {
          // a browser that keeps nothing
        }
        return false;
      }
    },
    forget() {
      localStorage.removeItem(key);
    },
  };
}

// An ID number has no business in a browser's memory, whatever field it was typed into.
function text(content) {
  const fields = JSON.stringify(content.fields).replace(ID_NUMBER, "$1**********$2");
  return JSON.stringify({ ...content, fields: JSON.parse(fields) });
}

function forgetOthers(owner) {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    let at = 0;
    try {
      at = JSON.parse(localStorage.getItem(key)).at;
    } catch {
      // nothing that was kept here
    }
    const isMine = key.startsWith(`${PREFIX}${owner}.`);
    if (!isMine || Date.now() - at > LASTS) localStorage.removeItem(key);
  }
}
