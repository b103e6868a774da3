// Debian's Chromium without its window, which takes half the time of the processor, driven by playwright-core, and the fonts that pages are looked at in; what is missing is installed.

import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { installPackages } from '../install.mjs';

const PATH = process.env.BROWSER ?? '/usr/bin/chromium-headless-shell';
/** Default fonts that readers have, one with letters of usual width and one with wide letters: the name and the settings of fontconfig. */
export const FONTS = [
  { name: 'Inter', settings: 'fonts/inter.conf' },
  { name: 'DejaVu Sans', settings: 'fonts/dejavu-sans.conf' },
];
const PACKAGES = ['chromium-headless-shell', 'fontconfig', 'fonts-dejavu-core', 'fonts-inter'];

/** Installs the browser and the fonts where they are missing. */
export function ensureBrowser() {
  if (!existsSync(PATH) || !FONTS.every(({ name }) => fontFor(name) === name)) installPackages(PACKAGES);
}

/** Starts the browser without a word to any other host; with one of `FONTS`, that is its default font. */
export async function launch(font) {
  ensureBrowser();
  const settings = font && { FONTCONFIG_FILE: fileURLToPath(new URL(font.settings, import.meta.url)) };
  return chromium.launch({
    executablePath: PATH,
    env: { ...process.env, ...settings },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** The font that this system takes for a name; none where fontconfig is not there. */
export function fontFor(name) {
  return spawnSync('fc-match', ['--format', '%{family[0]}', name], { encoding: 'utf8' }).stdout;
}
