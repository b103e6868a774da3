// What html-validate checks. Everything recommended is on; each exception has its reason.

export default {
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Whether a title is short enough for a search engine is the author's matter.
    'long-title': 'off',
    // White space at the end of a line is the author's, inside code it has a meaning.
    'no-trailing-whitespace': 'off',
    // HTML has void elements without a slash.
    'void-style': ['error', { style: 'omit' }],
    // Authors may use letters of any script in headings, so ids have them too.
    'valid-id': ['error', { relaxed: true }],
    // Style is in files, and so are scripts: the content security policy forbids anything else.
    'no-inline-style': 'error',
    // Every asset is our own and changes its name with its bytes.
    'require-sri': 'off',
  },
};
