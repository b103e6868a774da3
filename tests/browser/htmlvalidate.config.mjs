// What html-validate checks. Everything recommended is on; each exception has its reason.

export default {
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Whether a title is short enough for a search engine is the author's matter.
    'long-title': 'off',
    // White space at the end of a line is the author's, inside code it has a meaning.
    'no-trailing-whitespace': 'off',
    // `<!doctype html>` in lower case is what the standard itself writes.
    'doctype-style': ['error', { style: 'lowercase' }],
    // HTML has void elements without a slash.
    'void-style': ['error', { style: 'omit' }],
    // A region of a wide table or a wide code block takes the focus so that a keyboard can scroll it.
    'no-redundant-role': 'error',
    // Authors may use letters of any script in headings, so ids have them too.
    'valid-id': ['error', { relaxed: true }],
    // Style is in files, and so are scripts: the content security policy forbids anything else.
    'no-inline-style': 'error',
    'require-sri': 'off',
    // Every asset is our own and changes its name with its bytes.
    'no-unknown-elements': 'error',
  },
};
