// The words of a Markdown text that a reader must find again, and those of a finished page.

const WORD = /[\p{L}\p{N}\p{M}]{3,}/gu;

/** Words of the text, without what is no text: front matter, comments, tags, destinations of links. */
export function wordsOfMarkdown(markdown) {
  const text = markdown
    .replace(/\r\n?/g, '\n')
    .replace(/^\uFEFF?\s*---\n[\s\S]*?\n---\s*(\n|$)/, '')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(script|style|iframe|svg|video|form)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/^\s*(```+|~~~+).*$/gm, ' ')
    .replace(/^\s*:::.*$/gm, ' ')
    .replace(/^\[[^\]]+\]:.*$/gm, ' ')
    .replace(/!?\[([^\]]*)\]\[[^\]]*\]/g, '$1')
    .replace(/\]\((?:<[^>]*>|(?:[^()\s]|\([^()]*\))*)(?:\s+("[^"]*"|'[^']*'))?\)/g, '] ')
    .replace(/<[a-zA-Z/][^<>]*>/g, ' ')
    .replace(/\{#[^}]*\}/g, ' ')
    .replace(/&[a-zA-Z]+;|&#\w+;/g, ' ')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/:[a-z0-9_+-]+:/g, ' ')
    .replace(/\\(?=[\p{P}\p{S}])/gu, ' ');
  return new Set(text.match(WORD) ?? []);
}

/** Words of the page as a reader sees them, those of its title too. */
export function wordsOfPage(html) {
  const text = html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/\salt="([^"]*)"/g, '> $1 <i ')
    .replace(/<\/?(a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|u|var|wbr)\b[^>]*>/gi, (tag) =>
      tag.startsWith('<span class="line') ? ' ' : '',
    )
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(?:amp|lt|gt|quot|nbsp);/g, ' ');
  return new Set(text.match(WORD) ?? []);
}
