// Writes a handbook of many pages whose words are spread as in real ones: a few are everywhere, most are rare, and new
// ones keep coming. Measured on a real handbook of 909 pages, a word's share falls with its rank to the power of 0.95
// up to rank 1000 and of 2 beyond, which makes the vocabulary grow with the root of the text.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, chance, pick } from './random.mjs';

const RANKS = 1_000_000;
const KNEE = 1000;
const ONSETS = 'b c d f g h k l m n p r s t v w br ch cl cr dr fl gr pl pr sh sl st str th tr'.split(' ');
const NUCLEI = 'a e i o u ai ea ee io ou'.split(' ');
const CODAS = ['', '', '', 'n', 'r', 's', 't', 'l', 'nd', 'ng', 'rt', 'ck', 'x', 'm'];
const KINDS = ['runbook', 'guide', 'process', 'rca', 'minutes'];
/** Words that the pages of one section share, and how often one of them is used. */
const TOPIC = 120;
const TOPICAL = 0.15;

/** Writes `pages` pages into `root`, a hundred to a section and ten sections to a part, the same ones each time. */
export function writeSynthetic(pages, root) {
  const random = chance('synthetic');
  const language = { random, spell: speller(), share: shares() };
  write(root, 'book.toml', '[book]\ntitle = "Synthetic"\n');
  write(root, 'content/_index.md', '# Home\n\nA handbook to search in.\n');
  let topic = [];
  for (let number = 0; number < pages; number += 1) {
    const folder = `content/part-${Math.floor(number / 1000)}/section-${Math.floor(number / 100) % 10}`;
    if (number % 1000 === 0) write(root, join(folder, '../_index.md'), `# ${heading(language, [])}\n`);
    if (number % 100 === 0) {
      topic = Array.from({ length: TOPIC }, () => 200 + below(random, 20_000));
      write(root, join(folder, '_index.md'), `# ${heading(language, topic)}\n`);
    }
    write(root, join(folder, `page-${number % 100}.md`), pageText(language, topic));
  }
}

function write(root, path, text) {
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
}

/** Running sums of the shares of all ranks. */
function shares() {
  const sums = new Float64Array(RANKS);
  let sum = 0;
  for (let rank = 0; rank < RANKS; rank += 1) {
    sum += rank < KNEE ? (rank + 3) ** -0.95 : (KNEE + 2) ** -0.95 * ((rank + 1) / KNEE) ** -2;
    sums[rank] = sum;
  }
  return sums;
}

function rankOf({ random, share }) {
  const wanted = random() * share[RANKS - 1];
  let low = 0;
  let high = RANKS - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (share[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Spells ranks: frequent words are short, no two are the same. */
function speller() {
  const random = chance('spelling');
  const words = [];
  const taken = new Set();
  const syllable = () => pick(random, ONSETS) + pick(random, NUCLEI) + pick(random, CODAS);
  const invent = (rank) => {
    const syllables = rank < 100 ? 1 : 2 + below(random, rank < 2000 ? 2 : 3);
    return Array.from({ length: syllables }, syllable).join('');
  };
  return (rank) => {
    while (words.length <= rank) {
      let word = invent(words.length);
      while (taken.has(word)) word = invent(Math.max(100, words.length));
      taken.add(word);
      words.push(word);
    }
    return words[rank];
  };
}

function word(language, topic) {
  const topical = topic.length > 0 && language.random() < TOPICAL;
  return language.spell(topical ? pick(language.random, topic) : rankOf(language));
}

function words(language, topic, count) {
  return Array.from({ length: count }, () => word(language, topic));
}

/** Two to four words, half of them of the topic. */
function heading(language, topic) {
  const { random, spell } = language;
  const some = Array.from({ length: 2 + below(random, 3) }, () => (topic.length > 0 && random() < 0.5 ? spell(pick(random, topic)) : spell(20 + rankOf(language))));
  return capital(some.join(' '));
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function pageText(language, topic) {
  const { random } = language;
  const kind = random() < 0.3 ? `kind: ${pick(random, KINDS)}\n` : '';
  const parts = [`---\ntitle: "${heading(language, topic)}"\n${kind}tags: [t${below(random, 40)}]\n---\n`];
  // The lengths of real pages: half have fewer than 400 words, one in ten has more than 1,400.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let left = Math.min(5000, 400 * Math.exp(normal));
  for (let at = 0; left > 0; at += 1) {
    if (at % 2 === 1) parts.push(`## ${heading(language, topic)}\n`);
    const count = 30 + below(random, 60);
    parts.push(`${paragraph(language, topic, count)}\n`);
    if (random() < 0.1) parts.push(`\`\`\`bash\n${command(language, topic)}\n${command(language, topic)}\n\`\`\`\n`);
    left -= count;
  }
  return parts.join('\n');
}

function paragraph(language, topic, count) {
  const { random } = language;
  const sentences = [];
  for (let left = count; left > 0; left -= 12) sentences.push(`${capital(words(language, topic, 12).join(' '))}.`);
  if (random() < 0.4) sentences.push(`Use \`${command(language, topic)}\`.`);
  return sentences.join(' ');
}

function command(language, topic) {
  const { random } = language;
  const [first, second, third] = words(language, topic, 3);
  return pick(random, [`${first} ${second} --${third}`, `/etc/${first}/${second}.yml`, `${first}_${second}_${below(random, 1000)}`, `${first}-${second}`]);
}
