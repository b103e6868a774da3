#!/usr/bin/env bash
# Runs the commands of content/runbooks/monitoring-blind.md on one Prometheus and two Alertmanagers.
#
# Debian packages: prometheus prometheus-alertmanager curl python3 iproute2. Prometheus is 2.42 and Alertmanager 0.25
# there, older than the releases of the page. There are no containers and no passwords.
. "$(dirname "$0")/lib.sh"
enter "$@"

node control01 192.0.2.11
node control02 192.0.2.12
cd "$LAB"

cat >rules.rules <<'CONF'
groups:
  - name: lab
    rules:
      - alert: Watchdog
        expr: vector(1)
        labels: {severity: critical}
CONF
cat >prometheus.yml <<CONF
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [$LAB/*.rules]
alerting:
  alertmanagers: [{static_configs: [{targets: ['192.0.2.11:9093', '192.0.2.12:9093']}]}]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ['192.0.2.11:9091']}]
  - job_name: openstack_exporter
    static_configs: [{targets: ['192.0.2.11:9198']}]
CONF
cat >alertmanager.yml <<'CONF'
route: {receiver: default-receiver}
receivers: [{name: default-receiver}]
CONF

serve() {
    launch control01 prometheus --config.file="$LAB/prometheus.yml" --storage.tsdb.path="$LAB/data" \
        --web.listen-address=192.0.2.11:9091 >>"$LAB/prometheus.log" 2>&1
    server=$launched
}
alertmanager() {
    launch "$1" prometheus-alertmanager --config.file="$LAB/alertmanager.yml" --storage.path="$LAB/$1/alerts" \
        --web.listen-address="$2:9093" --cluster.listen-address="$2:9094" --cluster.advertise-address="$2:9094" \
        --cluster.peer="$3:9094" >>"$LAB/$1/log" 2>&1
}
ask() { on control01 curl -sS "$@"; }
am() { on control01 amtool --alertmanager.url=http://192.0.2.11:9093 "$@"; }
ready() { [ "$(ask -o /dev/null -w '%{http_code}\n' http://192.0.2.11:9091/-/ready)" = 200 ]; }
listed() { am alert query | grep -q "$1"; }

prometheus --version 2>&1 | sed -n 1p
amtool --version 2>&1 | sed -n 1p
alertmanager control01 192.0.2.11 192.0.2.12
alertmanager control02 192.0.2.12 192.0.2.11
serve

step "Diagnose 3: ready"
within 30 ready

step "Diagnose 4: missing targets, and rules"
within 30 bash -c "ip netns exec control01 curl -sS --get http://192.0.2.11:9091/api/v1/query --data-urlencode 'query=count by (job) (up == 0)' | grep -q openstack_exporter"
ask --get http://192.0.2.11:9091/api/v1/query --data-urlencode 'query=count by (job) (up == 0)'
within 30 bash -c "ip netns exec control01 curl -sS --get http://192.0.2.11:9091/api/v1/query --data-urlencode 'query=sum(prometheus_rule_group_rules)' | grep -q '\"1\"\]'"

step "Diagnose 5: the dead man's switch, and the peers"
within 60 listed Watchdog
am alert query
# Without the longer form the peers are not listed.
refuse '9094' "$(am cluster show)"
peers=$(am --output=extended cluster show)
expect '192\.0\.2\.11:9094' "$peers"
expect '192\.0\.2\.12:9094' "$peers"

step "Diagnose 6: silences, and the receiver"
am silence add alertname=MysqlDown --comment=lab --author=lab --duration=1h >id
expect 'MysqlDown' "$(am silence query)"
expect '^default-receiver$' "$(amtool config routes test --config.file=alertmanager.yml alertname=MysqlDown severity=critical)"

step "End a silence"
am silence expire "$(cat id)"
refuse 'MysqlDown' "$(am silence query)"

step "Bring back targets 1: the last error of a job"
errors=$(ask --get http://192.0.2.11:9091/api/v1/targets --data-urlencode state=active \
    --data-urlencode scrapePool=openstack_exporter | grep -oE '"lastError":"([^"\\]|\\.)*"' | sort | uniq -c)
expect 'connection refused' "$errors"

step "Repair the configuration 1: check what is loaded"
expect 'SUCCESS: 1 rules found' "$(promtool check config prometheus.yml)"
expect 'SUCCESS' "$(amtool check-config alertmanager.yml)"
echo '      - alert: Broken' >>rules.rules
expect 'FAILED' "$(promtool check config prometheus.yml 2>&1 || true)"
sed -i '$d' rules.rules

step "Connect Alertmanager 1: ports"
expect '9093 port .* succeeded' "$(on control02 nc -zv 192.0.2.11 9093 2>&1)"
expect '9094 port .* succeeded' "$(on control02 nc -zv 192.0.2.11 9094 2>&1)"

step "Repair the notification 2: a test alert"
am alert add alertname=NotificationTest severity=critical --annotation=summary='Test of the notification, please ignore'
within 10 listed NotificationTest
am alert query

step "Start Prometheus again 3: move a damaged log aside"
kill "$server"
wait "$server" 2>/dev/null || true
mkdir damaged && mv --no-clobber data/wal data/chunks_head damaged/
serve
within 60 ready

step "Start Prometheus again 4: the largest series"
expect 'seriesCountByMetricName' "$(ask --get http://192.0.2.11:9091/api/v1/status/tsdb --data-urlencode limit=10 | cut -c1-400)"

step "Route the dead man's switch"
cat >routed.yml <<'CONF'
route:
  receiver: default-receiver
  routes:
    - matchers:
        - alertname =~ "Watchdog|PrometheusAlertmanagerE2eDeadManSwitch"
      receiver: dead-mans-switch
      group_wait: 0s
      group_interval: 1m
      repeat_interval: 1m
receivers:
  - name: default-receiver
  - name: dead-mans-switch
    webhook_configs: [{url: 'https://switch.example.org/'}]
CONF
expect 'SUCCESS' "$(amtool check-config routed.yml)"
expect '^dead-mans-switch$' "$(amtool config routes test --config.file=routed.yml alertname=Watchdog)"
expect '^default-receiver$' "$(amtool config routes test --config.file=routed.yml alertname=MysqlDown)"
passed
