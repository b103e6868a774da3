// The words of a Markdown text that a reader must find again, and those of a finished page, with how often.

const WORD = /[\p{L}\p{N}\p{M}]{3,}/gu;
const INLINE = /^<\/?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tspan|u|var|wbr)\b/i;

/** Words of the text, without what is no text: front matter, comments, tags, destinations of links. */
export function wordsOfMarkdown(markdown, file) {
  const defined = new Set([...markdown.matchAll(/^ {0,3}\[([^\]]+)\]:/gm)].map(([, label]) => label.toLowerCase()));
  const reference = (whole, text, label) => (defined.has((label || text).toLowerCase()) ? text : whole);
  const text = withoutUnusedFootnotes(markdown.replace(/\r\n?/g, '\n'))
    .replace(/^\uFEFF?\s*---\n[\s\S]*?\n---\s*(\n|$)/, '')
    .replace(file.endsWith('.mdx') ? /^import .*$/gm : /$^/, ' ')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/^([\s>]*)(```+|~~~+)\s*mermaid\b.*\n([\s\S]*?)^[\s>]*\2.*$/gm, (_, lead, fence, source) => labels(source))
    .replace(/<(script|style|iframe|svg|video|form)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/^[\s>]*(```+|~~~+).*$/gm, ' ')
    .replace(/\[\^[^\]\s]+\]:?/g, ' ')
    .replace(/^\s*:::.*$/gm, ' ')
    .replace(/^([\s>]*)\[!\w+\]/gm, ' ')
    .replace(/^ {0,3}\[[^\]^]+\]:.*$/gm, ' ')
    .replace(/!?\[([^\]]*)\]\[([^\]]*)\]/g, reference)
    .replace(/\]\((?:<[^>]*>|(?:[^()\s]|\([^()]*\))*)(?:\s+("[^"]*"|'[^']*'))?\s*\)/g, '] ')
    .replace(/<TabItem\b[^>]*\blabel="([^"]*)"[^>]*>/g, ' $1 ')
    .replace(/<[a-zA-Z/][^<>]*>/g, ' ')
    .replace(/\{[.#][^}]*\}/g, ' ')
    .replace(/&[a-zA-Z]+;|&#\w+;/g, ' ')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/:[a-z0-9_+-]+:/g, ' ')
    .replace(/\\(?=[\p{P}\p{S}])/gu, ' ');
  return count(text);
}

/** A footnote that nothing refers to is not published, and `markdown.footnote` reports it. */
function withoutUnusedFootnotes(markdown) {
  return markdown.replace(/^ {0,3}\[\^([^\]\s]+)\]:.*(?:\n(?: {4}|\t).*)*$/gm, (definition, label) =>
    markdown.split(`[^${label}]`).length > 2 ? definition : ' ',
  );
}

/**
 * What a diagram shows of its source: texts of nodes and of arrows, not the signs and names that put them in their
 * places. A node may be written several times and is drawn once.
 */
function labels(source) {
  const placing = /^\s*(?:%%|click\b|style\b|classDef\b|class\b|linkStyle\b|subgraph\b)/;
  const plain = source.replace(/<\/?[a-zA-Z][^<>]*>/g, ' ').replaceAll('\\n', ' ');
  const lines = plain.split('\n').filter((line) => !placing.test(line));
  const texts = lines.flatMap((line) => line.match(/"[^"]*"|\[[^\]"]*\]|\([^)"]*\)|\{[^}"]*\}|\|[^|"]*\|/g) ?? []);
  const messages = /^\s*sequenceDiagram/m.test(plain) ? lines.map((line) => /->>?[^:]*:(.*)$/.exec(line)?.[1] ?? '') : [];
  return `\n${[...new Set([...texts, ...messages])].join(' ')}\n`;
}

/** How often the page's main part shows a word to a reader. */
export function wordsOfPage(html) {
  const main = /<main\b[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  const shown = main.replace(/<[^>]*>/g, (tag) => {
    const texts = [...tag.matchAll(/\s(?:alt|title)="([^"]*)"/g)].map(([, text]) => ` ${text} `);
    const line = tag.startsWith('<span class="line');
    return (tag.match(INLINE) && !line ? '\0' : ' ') + texts.join('');
  });
  // Mark-up within a word joins its parts; at a word's edge it does not, and some scripts have no spaces there.
  const whole = entities(shown.replaceAll('\0', ''));
  const joined = count(whole);
  const parted = count(entities(shown.replaceAll('\0', ' ')));
  // A drawing breaks long words anywhere.
  const drawings = [...main.matchAll(/<svg\b[\s\S]*?<\/svg>/g)].map(([svg]) => entities(svg.replace(/<[^>]*>/g, ''))).join(' ');
  return (word) => {
    const drawn = joined.has(word) || parted.has(word) ? 0 : drawings.split(word).length - 1;
    const times = Math.max(joined.get(word) ?? 0, parted.get(word) ?? 0, drawn);
    return /[^\0-\x7f]/.test(word) ? Math.max(times, whole.split(word).length - 1) : times;
  };
}

function entities(text) {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(?:amp|lt|gt|quot|nbsp);/g, ' ');
}

function count(text) {
  const words = new Map();
  for (const word of text.match(WORD) ?? []) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}
