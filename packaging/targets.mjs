// The platforms that artefacts are made for, under the names that each form of package has for them.

import { fail, run } from './project.mjs';

/** By Rust's name: the system and processor of npm, of wheels, of Debian and of images. */
export const TARGETS = {
  'x86_64-unknown-linux-gnu': { os: 'linux', cpu: 'x64', libc: 'gnu', machine: 'x86_64', debian: 'amd64' },
  'aarch64-unknown-linux-gnu': { os: 'linux', cpu: 'arm64', libc: 'gnu', machine: 'aarch64', debian: 'arm64' },
  'x86_64-unknown-linux-musl': { os: 'linux', cpu: 'x64', libc: 'musl', machine: 'x86_64', debian: 'amd64' },
  'aarch64-unknown-linux-musl': { os: 'linux', cpu: 'arm64', libc: 'musl', machine: 'aarch64', debian: 'arm64' },
  'x86_64-apple-darwin': { os: 'darwin', cpu: 'x64', machine: 'x86_64' },
  'aarch64-apple-darwin': { os: 'darwin', cpu: 'arm64', machine: 'arm64' },
};

/** The target of this machine. */
export function hostTarget() {
  const host = run('rustc', ['-vV']).match(/^host: (.*)$/m);
  return host?.[1] ?? fail('`rustc -vV` names no host', 'Name the platform with `--target`.');
}
