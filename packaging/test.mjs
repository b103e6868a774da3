// Makes each artefact twice, compares the bytes, installs it with the tools of its users, and runs the program.
//
// Needs a Debian machine with Rust and Node, and root or sudo for the container image. Installs Python and binutils where
// they are missing. Ends with `N passed, N failed`.
//
// usage: node test.mjs     (OPSBOOK names the program)

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Report } from '../tests/browser/report.mjs';
import { install, installPackages } from '../tests/install.mjs';
import { inspect } from './binary.mjs';
import { dependencies } from './deb.mjs';
import { environment, foldersIn } from './paths.mjs';
import { pythonVersion } from './wheel.mjs';

const repository = resolve(fileURLToPath(import.meta.url), '../..');
const report = new Report();
const temporary = mkdtempSync(join(tmpdir(), 'opsbook-packaging-'));
const binary = join(temporary, 'opsbook');
const version = JSON.parse(output('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1'])).packages[0].version;
const SAYS = `opsbook ${version}\n`;
const ARTEFACTS = ['archive', 'wheel', 'npm', 'deb', 'oci', 'man'];

try {
  // Debug data would be most of each artefact, and most of the time.
  install('strip', ['binutils']);
  output('strip', ['-o', binary, resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'))]);
  const made = reproduces();
  for (const check of [archive, wheel, npm, deb, oci]) {
    try {
      await check(made);
    } catch (error) {
      report.check(check.name, [error.message]);
    }
  }
  refuses();
  reads();
  namesNoFolder(made);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
process.exit(report.close());

/** Makes all artefacts in two different surroundings, and returns the folder of the first ones. */
function reproduces() {
  const folders = ['first', 'second'].map((name) => join(temporary, name));
  const words = (folder) => [...ARTEFACTS, '--out', folder, '--binary', binary, '--compression', '1'];
  output('packaging/build', words(folders[0]));
  const env = { ...process.env, TZ: 'Asia/Tokyo', LC_ALL: 'C' };
  output('sh', ['-c', 'umask 077; exec "$0" "$@"', join(repository, 'packaging/build'), ...words(folders[1])], { cwd: temporary, env });
  const [first, second] = folders.map((folder) => readdirSync(folder, { recursive: true }).sort());
  report.check('two runs make the same files', first.length > 8 && first.join() === second.join() ? [] : [first.join(), second.join()]);
  for (const file of first.filter((name) => statSync(join(folders[0], name)).isFile())) {
    const [a, b] = folders.map((folder) => readFileSync(join(folder, file)));
    report.check(`two runs make the same bytes of ${file}`, a.equals(b) ? [] : ['they differ']);
  }
  const sums = output('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folders[0] });
  report.check('SHA256SUMS lists each artefact', sums.trim().split('\n').length === readdirSync(folders[0]).length - 2 ? [] : [sums]);
  return folders[0];
}

function archive(made) {
  const name = find(made, /^opsbook-.*\.tar\.gz$/);
  const listed = output('tar', ['--numeric-owner', '-tvzf', join(made, name)]).trim().split('\n');
  const foreign = listed.filter((line) => !/^[d-]rw(xr-xr-x|-r--r--) 0\/0 /.test(line));
  report.check('the archive has owner root and plain modes', foreign);
  const folder = fresh('archive');
  output('tar', ['-xzf', join(made, name), '-C', folder]);
  const root = join(folder, name.replace('.tar.gz', ''));
  says('the program in the archive', join(root, 'opsbook'), ['--version']);
  hasManual('archive', readdirSync(join(root, 'share/man/man1')));
  hasCompletions('archive', join(root, 'share'));
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md']) {
    const same = readFileSync(join(root, file)).equals(readFileSync(join(repository, file)));
    report.check(`the archive has ${file}`, same ? [] : ['it differs']);
  }
  const materials = JSON.parse(readFileSync(join(root, 'opsbook.cdx.json'), 'utf8'));
  const licences = readFileSync(join(root, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  const crates = output('cargo', ['tree', '--locked', '--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}']);
  const names = [...new Set(crates.trim().split('\n').map((line) => line.split(' v')[0]))].filter((crate) => crate !== 'opsbook');
  const components = new Set(materials.components.map((component) => component.name));
  report.check('the bill of materials lists each crate', names.filter((crate) => !components.has(crate)));
  report.check('each crate has its licence', names.filter((crate) => !licences.includes(`\n${crate} `)));
  const beside = readFileSync(join(made, `opsbook-${version}.cdx.json`), 'utf8');
  report.check('the bill of materials beside the archive is the one in it', JSON.parse(beside).bomFormat === materials.bomFormat ? [] : ['they differ']);
}

function wheel(made) {
  const file = join(made, find(made, /\.whl$/));
  const folder = fresh('wheel');
  // A machine may have Python without the module for environments.
  if (spawnSync('python3', ['-m', 'venv', folder]).status !== 0) {
    installPackages(['python3', 'python3-venv']);
    output('/usr/bin/python3', ['-m', 'venv', '--clear', folder]);
  }
  output(join(folder, 'bin/pip'), ['install', '--quiet', '--no-index', '--disable-pip-version-check', file]);
  says('the program of the wheel', join(folder, 'bin/opsbook'), ['--version']);
  const shown = output(join(folder, 'bin/pip'), ['show', '--disable-pip-version-check', 'opsbook']);
  report.check('pip knows the version', shown.includes(`\nVersion: ${pythonVersion(version)}\n`) ? [] : [shown]);
  // RECORD is checked by Python's own reader, and names every file of the wheel.
  const program = `
import base64, csv, hashlib, io, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
assert wheel.testzip() is None
record, = [name for name in wheel.namelist() if name.endswith(".dist-info/RECORD")]
rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(wheel.read(record).decode()))}
assert sorted(rows) == sorted(wheel.namelist()), rows
for name, (digest, size) in rows.items():
    data = wheel.read(name)
    if name == record:
        assert (digest, size) == ("", "")
        continue
    wanted = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    assert (digest, size) == ("sha256=" + wanted, str(len(data))), name
stem, python, abi, platforms = sys.argv[1].rsplit("/", 1)[1][:-4].rsplit("-", 3)
text = wheel.read(stem + ".dist-info/WHEEL").decode()
assert "Root-Is-Purelib: false\\n" in text
tags = [line[5:] for line in text.splitlines() if line.startswith("Tag: ")]
assert tags == ["-".join((python, abi, platform)) for platform in platforms.split(".")], text
`;
  const read = spawnSync(join(folder, 'bin/python'), ['-c', program, file], { encoding: 'utf8' });
  report.check('the wheel agrees with its RECORD and its tags', read.status === 0 ? [] : [read.stderr]);
  const needed = [...output('readelf', ['--version-info', binary]).matchAll(/Name: GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  const wanted = `-py3-none-manylinux_2_${Math.max(17, ...needed)}_`;
  report.check('the tag of the wheel is the glibc that the program needs', file.includes(wanted) ? [] : [`${file} without ${wanted}`]);
}

async function npm(made) {
  const names = readdirSync(made).filter((name) => name.endsWith('.tgz'));
  report.check('there is a package with the launcher and one with the program', names.length === 2 ? [] : names);
  const folder = fresh('npm');
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  // Offline: nothing of these names may come from elsewhere.
  const words = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  output('npm', [...words, ...names.map((name) => join(made, name))], { cwd: folder });
  says('npx', 'npx', ['--offline', 'opsbook', '--version'], { cwd: folder });
  for (const name of ['opsbook', `@opsbook/linux-${process.arch}`]) {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
    report.check(`${name} runs no script`, manifest.scripts === undefined ? [] : Object.keys(manifest.scripts));
  }
  const launcher = join(folder, 'node_modules/.bin/opsbook');
  const status = spawnSync(launcher, ['check'], { cwd: folder, stdio: 'ignore' }).status;
  report.check('the launcher hands the exit code on', status === 2 ? [] : [`${status}`]);
  output(launcher, ['init', 'book'], { cwd: folder });
  // A group of its own: if the launcher does not hand the signal on, the test ends the program itself.
  const preview = spawn(launcher, ['serve', '--root', 'book'], { cwd: folder, detached: true });
  const address = await stops(preview);
  const open = await fetch(address).then(() => true, () => false);
  if (open) process.kill(-preview.pid, 'SIGKILL');
  report.check('the launcher hands SIGTERM on', open ? [`${address} still answers`] : []);
  const lonely = fresh('npm-without-program');
  writeFileSync(join(lonely, 'package.json'), '{"private": true}');
  output('npm', [...words, join(made, `opsbook-${version}.tgz`)], { cwd: lonely });
  const told = spawnSync(join(lonely, 'node_modules/.bin/opsbook'), ['--version'], { encoding: 'utf8' });
  const clear = told.status === 2 && told.stderr.includes('is not installed');
  report.check('the launcher says that the program is missing', clear ? [] : [`${told.status}: ${told.stderr}`]);
}

/** Waits until a preview serves, stops it, and returns its address. */
async function stops(preview) {
  const address = await new Promise((found, failed) => {
    let said = '';
    const listen = (data) => {
      said += data;
      const match = said.match(/serving (http:\S+)/);
      if (match) found(match[1]);
    };
    preview.stdout.on('data', listen);
    preview.stderr.on('data', listen);
    preview.once('exit', (code) => failed(new Error(`the preview ended with ${code}: ${said}`)));
  });
  const ended = new Promise((done) => preview.once('exit', done));
  preview.kill('SIGTERM');
  await ended;
  return address;
}

function deb(made) {
  const file = join(made, find(made, /\.deb$/));
  const control = output('dpkg-deb', ['--info', file]);
  const architecture = output('dpkg', ['--print-architecture']).trim();
  for (const line of [`Version: ${version.replace('-', '~')}-1`, `Architecture: ${architecture}`]) {
    report.check(`the control file says ${line}`, control.includes(`\n ${line}\n`) ? [] : [control]);
  }
  const depends = /\n Depends: libc6 \(>= 2\.[0-9]+\)/.test(control);
  report.check('the control file names glibc if the program needs it', depends === !isStatic() ? [] : [control]);
  const foreign = output('dpkg-deb', ['--contents', file]).trim().split('\n').filter((line) => !/^[d-]rw(xr-xr-x|-r--r--) root\/root /.test(line));
  report.check('the files of the Debian package belong to root', foreign);
  // A system of its own, so that this machine stays as it is. Its database knows no libc6.
  const root = fresh('deb');
  for (const folder of ['info', 'updates']) mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  const dpkg = (...words) => output('dpkg', [`--root=${root}`, '--force-depends', '--force-not-root', '--log=/dev/null', ...words]);
  dpkg('--install', file);
  report.check('dpkg knows the files', dpkg('--listfiles', 'opsbook').includes('\n/usr/bin/opsbook\n') ? [] : ['it does not']);
  says('the program of the Debian package', join(root, 'usr/bin/opsbook'), ['--version']);
  const sums = spawnSync('md5sum', ['--check', '--quiet', 'var/lib/dpkg/info/opsbook.md5sums'], { cwd: root, encoding: 'utf8' });
  report.check('the files have their checksums', sums.status === 0 ? [] : [sums.stdout]);
  const pages = join(root, 'usr/share/man/man1');
  hasManual('Debian package', readdirSync(pages).map((name) => name.replace(/\.gz$/, '')));
  const page = gunzipSync(readFileSync(join(pages, 'opsbook-build.1.gz'))).toString();
  report.check('a manual page has its title', /^\.TH opsbook-build 1 " " "Opsbook [0-9]/m.test(page) ? [] : [page.slice(0, 200)]);
  hasCompletions('Debian package', join(root, 'usr/share'));
  const documents = readdirSync(join(root, 'usr/share/doc/opsbook')).join(' ');
  const wanted = 'THIRD-PARTY-LICENSES.txt.gz changelog.Debian.gz changelog.gz copyright';
  report.check('the Debian package has its documents', documents === wanted ? [] : [documents]);
  dpkg('--purge', 'opsbook');
  report.check('the Debian package can be removed', existsSync(join(root, 'usr/bin/opsbook')) ? ['the program is still there'] : []);
}

function oci(made) {
  const layout = fresh('oci');
  output('tar', ['-xf', join(made, find(made, /\.oci\.tar$/)), '-C', layout]);
  const blob = ({ digest, size }) => {
    const bytes = readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
    report.check(`the blob ${digest.slice(0, 19)} has its digest and size`, sha256(bytes) === digest && bytes.length === size ? [] : [sha256(bytes)]);
    return bytes;
  };
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const manifest = JSON.parse(blob(index.manifests[0]));
  const config = JSON.parse(blob(manifest.config));
  const layer = gunzipSync(blob(manifest.layers[0]));
  report.check('the layer has its digest', sha256(layer) === config.rootfs.diff_ids[0] ? [] : [sha256(layer)]);
  const used = new Set([index.manifests[0], manifest.config, manifest.layers[0]].map(({ digest }) => digest));
  report.check('each blob is used', readdirSync(join(layout, 'blobs/sha256')).filter((name) => !used.has(`sha256:${name}`)));
  const { User: user, WorkingDir: folder, Entrypoint: [entry] } = config.config;
  report.check('the image runs without root in /handbook', user === '65532:65532' && folder === '/handbook' ? [] : [user, folder]);
  const root = fresh('image');
  const archive = join(temporary, 'layer.tar');
  writeFileSync(archive, layer);
  // As root, or the folder of the handbook would not belong to the user of the image.
  const privileged = (words, options) => {
    const all = process.getuid() === 0 ? words : ['sudo', ...words];
    return output(all[0], all.slice(1), options);
  };
  privileged(['tar', '--numeric-owner', '--same-permissions', '--same-owner', '-xf', archive, '-C', root]);
  // The folder of the test itself is closed to others.
  privileged(['chmod', '755', temporary]);
  const inside = (...words) => privileged(['chroot', `--userspec=${user}`, root, entry, ...words]);
  report.check('the program of the image runs', inside('--version') === SAYS ? [] : ['it says something else']);
  inside('init', folder);
  inside('build', '--root', folder);
  const home = statSync(join(root, 'handbook/public/index.html'));
  report.check('the image builds a handbook as its user', `${home.uid}:${home.gid}` === user ? [] : [`${home.uid}:${home.gid}`]);
  if (process.getuid() !== 0) privileged(['rm', '-rf', root]);
}

/** What cannot be made ends with a message and writes nothing. */
function refuses() {
  const other = process.arch === 'x64' ? 'aarch64-unknown-linux-gnu' : 'x86_64-unknown-linux-gnu';
  const musl = `${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-unknown-linux-musl`;
  copyFileSync(join(repository, 'README.md'), join(temporary, 'no-program'));
  const calls = [
    ['a program of another platform', [...common(), '--target', other], `not for ${other}`],
    ...(isStatic() ? [] : [['a program with libraries as a static one', [...common(), '--target', musl], 'needs libraries of the system']]),
    ['an unknown target', [...common(), '--target', 'x'], 'there is no target `x`'],
    ['a file that is no program', ['archive', '--out', 'refused', '--binary', join(temporary, 'no-program')], 'is no program'],
    ['an artefact without a name', ['rpm', '--out', 'refused'], 'there is no artefact `rpm`'],
    ['no folder', ['archive', '--binary', binary], '`--out DIR` is missing'],
  ];
  for (const [what, words, message] of calls) {
    const done = spawnSync(join(repository, 'packaging/build'), words, { cwd: temporary, encoding: 'utf8' });
    const clear = done.status === 2 && done.stderr.startsWith('error: ') && done.stderr.includes(message);
    report.check(`packaging/build refuses ${what}`, clear && !existsSync(join(temporary, 'refused')) ? [] : [`${done.status}: ${done.stderr}`]);
  }
  function common() {
    return ['archive', '--out', 'refused', '--binary', binary];
  }
}

/** The reader of programs, on those that cannot be run or made here. */
function reads() {
  const ldconfig = inspect(readFileSync('/sbin/ldconfig'));
  const needsNothing = ldconfig.loader === null && ldconfig.libraries.length === 0;
  report.check('a static program needs nothing', needsNothing ? [] : [JSON.stringify(ldconfig)]);
  const old = { libraries: ['libpthread.so.0', 'libc.so.6', 'libgcc_s.so.1'], versions: { 'libc.so.6': ['GLIBC_2.9', 'GLIBC_2.28', 'GLIBC_2.2.5'] } };
  const packages = dependencies(old).join(', ');
  report.check('the dependencies of an old program are the packages of today', packages === 'libc6 (>= 2.28), libgcc-s1' ? [] : [packages]);
  const mac = Buffer.alloc(128);
  mac.writeUInt32LE(0xfeedfacf, 0);
  mac.writeUInt32LE(0x0100000c, 4);
  mac.writeUInt32LE(2, 16);
  // LC_UUID, then LC_BUILD_VERSION for macOS 11.0.
  [0x1b, 24].forEach((value, index) => mac.writeUInt32LE(value, 32 + 4 * index));
  [0x32, 24, 1, 11 << 16].forEach((value, index) => mac.writeUInt32LE(value, 56 + 4 * index));
  const read = JSON.stringify(inspect(mac));
  report.check('a program for macOS names its oldest system', read === '{"os":"darwin","machine":"arm64","oldest":[11,0]}' ? [] : [read]);
}

/**
 * The flags of a release keep the folders of this machine out of a program. The program under test may be one for developers, made
 * without them, so a small one is compiled like a release; a release itself is held to it as well.
 */
function namesNoFolder(made) {
  // A folder of Cargo's home and one of the repository: where the code of crates and that of the program lies.
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const target = fresh('paths');
  for (const folder of [join(cargoHome, 'registry/src'), join(repository, 'target')]) {
    mkdirSync(folder, { recursive: true });
    const source = join(mkdtempSync(join(folder, 'paths-')), 'main.rs');
    try {
      writeFileSync(source, 'fn main() { let word = std::env::args().nth(9).unwrap(); println!("{} {word}", file!()); }\n');
      const compiled = (name, flags) => {
        const path = join(target, name);
        output('rustc', ['--edition', '2024', '-O', '-C', 'strip=symbols', ...flags, '-o', path, source]);
        return foldersIn(readFileSync(path));
      };
      const flags = environment().CARGO_ENCODED_RUSTFLAGS.split('\x1f');
      report.check(`a plain program names ${folder}`, compiled('plain', []).length > 0 ? [] : ['the check finds nothing']);
      report.check(`a release does not name ${folder}`, compiled('release', flags));
    } finally {
      rmSync(dirname(source), { recursive: true });
    }
  }
  if (!process.env.OPSBOOK?.includes('/release/')) return;
  const folder = fresh('paths-archive');
  const name = find(made, /^opsbook-.*\.tar\.gz$/);
  output('tar', ['-xzf', join(made, name), '-C', folder]);
  const named = foldersIn(readFileSync(join(folder, name.replace('.tar.gz', ''), 'opsbook')));
  report.check('the program in the archive names no folder of this machine', named);
}

/** Whether the program under test needs no library of the system. */
function isStatic() {
  return inspect(readFileSync(binary)).libraries.length === 0;
}

function hasManual(where, pages) {
  const help = output(binary, ['--help']);
  const commands = [...help.split('Commands:')[1].split('\n\n')[0].matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
  const missing = ['opsbook.1', ...commands.map((name) => `opsbook-${name}.1`)].filter((page) => !pages.includes(page));
  report.check(`the ${where} has a manual page for each command`, commands.length > 5 ? missing : ['no commands']);
}

/** Bash reads its script; the others are compared with what the program prints. */
function hasCompletions(where, share) {
  const files = { bash: 'bash-completion/completions/opsbook', zsh: 'zsh/vendor-completions/_opsbook', fish: 'fish/vendor_completions.d/opsbook.fish' };
  for (const [shell, file] of Object.entries(files)) {
    const same = readFileSync(join(share, file), 'utf8') === output(binary, ['completions', shell]);
    report.check(`the ${where} has completions for ${shell}`, same ? [] : ['they differ from what the program prints']);
  }
  const probe = `. ${join(share, files.bash)}; COMP_WORDS=(opsbook bui); COMP_CWORD=1; _opsbook opsbook bui opsbook; echo "\${COMPREPLY[@]}"`;
  const reply = output('bash', ['-c', probe]).trim();
  report.check(`bash completes a command with the file of the ${where}`, reply === 'build' ? [] : [reply]);
}

function says(what, command, words, options) {
  const said = output(command, words, options);
  report.check(`${what} runs`, said === SAYS ? [] : [said]);
}

/** The only artefact with such a name. */
function find(folder, pattern) {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${found.length} artefacts are called ${pattern}`);
  return found[0];
}

function fresh(name) {
  const folder = join(temporary, name);
  mkdirSync(folder);
  return folder;
}

function sha256(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The standard output of a command that must succeed. */
function output(command, words, options = {}) {
  const done = spawnSync(command, words, { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`\`${command} ${words.join(' ')}\` failed: ${done.error?.message ?? `${done.stdout}${done.stderr}`}`);
  return done.stdout;
}
