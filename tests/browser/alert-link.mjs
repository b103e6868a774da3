// The address of a runbook as Prometheus and Alertmanager write it: from the register of alerts, by promtool and amtool.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, stdout, words: stdout + stderr };
}

/** The annotation of an alert in the register of a served site, and the template on the register's page. */
async function pasted(site, alert) {
  const [data, page] = await Promise.all(['registers/alerts.json', 'registers/alerts/'].map(async (path) => (await fetch(`${site.url}${path}`)).text()));
  const row = JSON.parse(data).rows.find(({ name }) => name === alert);
  const [, template] = /<code>(\{\{ define .*?)<\/code>/s.exec(page);
  const characters = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'", '#x2F': '/' };
  const text = template.replace(/&([a-z]+|#\w+);/g, (whole, name) => characters[name] ?? whole);
  return { annotation: row.annotation, template: text };
}

/** What Prometheus makes of an annotation for a series with these labels. promtool prints what it did not expect. */
async function byPrometheus(promtool, folder, annotation, labels) {
  const series = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
  await writeFile(join(folder, 'rules.yml'), `groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up == 0\n    annotations:\n      runbook_url: ${annotation}\n`);
  await writeFile(join(folder, 'test.yml'), JSON.stringify({
    rule_files: ['rules.yml'],
    tests: [{ interval: '1m', input_series: [{ series: `up{${series}}`, values: '0x5' }], alert_rule_test: [{ eval_time: '2m', alertname: 'A', exp_alerts: [] }] }],
  }));
  const { words } = run(promtool, ['test', 'rules', join(folder, 'test.yml')]);
  const found = /runbook_url=("(?:[^"\\]|\\.)*")/.exec(words);
  if (!found) throw new Error(words);
  return JSON.parse(found[1]);
}

/** What Alertmanager makes of an alert in a notification, as text and as HTML. */
async function byAlertmanager(amtool, folder, template, alert) {
  await writeFile(join(folder, 'alert.tmpl'), `${template}{{ define "link" }}{{ range .Alerts }}<a href="{{ template "handbook.runbook" . }}">{{ end }}{{ end }}`);
  await writeFile(join(folder, 'data.json'), JSON.stringify({ status: 'firing', alerts: [{ status: 'firing', endsAt: '0001-01-01T00:00:00Z', ...alert }] }));
  const render = (type) => {
    const { status, words } = run(amtool, ['template', 'render', `--template.glob=${join(folder, 'alert.tmpl')}`, `--template.data=${join(folder, 'data.json')}`, `--template.type=${type}`, '--template.text={{ template "link" . }}']);
    if (status !== 0) throw new Error(words);
    return /href="([^"]*)"/.exec(words)[1];
  };
  return { text: render('text'), html: render('html').replaceAll('&amp;', '&').replaceAll('&#43;', '+') };
}

/**
 * The addresses in the notification of an alert: `filled` where its rule has the annotation of the register, `plain` where it has only
 * the address of the page.
 */
export async function addressesOf(site, { alert, labels, startsAt }) {
  const tools = run(fileURLToPath(new URL('../alerts/tools', import.meta.url)), []);
  if (tools.status !== 0) throw new Error(tools.words);
  const [promtool, amtool] = tools.stdout.trim().split('\n');
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-alert-'));
  try {
    const { annotation, template } = await pasted(site, alert);
    const annotated = await byPrometheus(promtool, folder, annotation, labels);
    const notify = (url) => byAlertmanager(amtool, folder, template, { labels: { alertname: alert, ...labels }, annotations: { runbook_url: url }, startsAt });
    return { annotation, annotated, filled: await notify(annotated), plain: await notify(annotated.split('#')[0]) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
