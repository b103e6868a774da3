// The program that artefacts are made of: its bytes, its needs, and what it writes itself.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from './binary.mjs';
import { fail, run, text, thirdPartyLicences } from './project.mjs';

/** Where shells look for completions, below `share`. */
const COMPLETIONS = {
  bash: 'bash-completion/completions/opsbook',
  zsh: 'zsh/vendor-completions/_opsbook',
  fish: 'fish/vendor_completions.d/opsbook.fish',
};

export class Program {
  constructor(path, target) {
    this.path = path;
    this.target = target;
    try {
      this.bytes = readFileSync(path);
    } catch (error) {
      fail(`cannot read the program: ${error.message}`, 'Name an existing file with `--binary`.');
    }
    this.needs = inspect(this.bytes) ?? fail(`\`${path}\` is no program for Linux or macOS`, 'Name another file with `--binary`.');
    const { os, machine } = this.needs;
    if (os !== target.os || machine !== target.machine) {
      fail(`\`${path}\` is a program for ${os} on ${machine}, not for ${target.triple}`, 'Name its platform with `--target`.');
    }
    if (target.libc === 'musl' && !this.isStatic()) fail(`\`${path}\` needs libraries of the system`, 'Build it as a static program.');
  }

  /** Whether the program needs no library of the system. */
  isStatic() {
    return this.needs.os === 'linux' && this.needs.loader === null && this.needs.libraries.length === 0;
  }

  /** Ends with a message if the program has another version than Cargo.toml. */
  verify(version) {
    const said = this.#output(['--version']).trim();
    if (said !== `opsbook ${version}`) fail(`\`${this.path}\` says \`${said}\`, and Cargo.toml \`${version}\``, 'Build the program again.');
  }

  /** `[name, text]` of each manual page. */
  manualPages() {
    const folder = mkdtempSync(join(tmpdir(), 'opsbook-man-'));
    try {
      this.#output(['man', '--out', folder]);
      return readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name))]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** `[path below share, text]` of the completions of each shell. */
  completions() {
    return Object.entries(COMPLETIONS).map(([shell, path]) => [path, this.#output(['completions', shell])]);
  }

  /** `[name, text]` of what readers must get with the program. */
  licences() {
    this.thirdParty ??= thirdPartyLicences(this.target.triple);
    return [
      ['LICENSE', text('LICENSE')],
      ['THIRD-PARTY-LICENSES.txt', this.thirdParty],
    ];
  }

  #output(words) {
    try {
      return execFileSync(this.path, words, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
    } catch (error) {
      const why = error.stderr?.toString().trim() || error.message;
      return fail(`\`${this.path} ${words.join(' ')}\` failed: ${why}`, 'Run this on a machine of the platform of the program.');
    }
  }
}

/** The bill of materials: CycloneDX, JSON. */
export function billOfMaterials() {
  return run('supply-chain/run', ['sbom']);
}
