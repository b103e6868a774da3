#!/usr/bin/env python3
"""How long `opsbook lsp` takes to answer, as an editor would see it.

usage: benches/lsp.py PROGRAM HANDBOOK PAGE     (PAGE from the handbook's root)

Opens the page, types at its end, and asks 30 times for each answer. Writes nothing to the handbook. Prints a table of
milliseconds.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time

ROUNDS = 30
# The whole check after the start runs in the background; it is not what is measured.
WARM_UP = 15.0


class Client:
    """A language client over the pipes of a server."""

    def __init__(self, program, root):
        self.server = subprocess.Popen(
            [program, "lsp"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages = queue.Queue()
        self.last_id = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while header := self.server.stdout.readline():
            length = 0
            while header.strip():
                name, value = header.split(b":", 1)
                if name.lower() == b"content-length":
                    length = int(value)
                header = self.server.stdout.readline()
            self.messages.put(json.loads(self.server.stdout.read(length)))

    def notify(self, method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def wait(self, is_it):
        while not is_it(message := self.messages.get(timeout=300)):
            pass
        return message

    def request(self, method, params):
        """Milliseconds until the answer."""
        self.last_id += 1
        began = time.perf_counter()
        self.notify(method, params, id=self.last_id)
        answer = self.wait(lambda message: message.get("id") == self.last_id and "method" not in message)
        if "error" in answer:
            sys.exit(f"{method}: {answer['error']['message']}")
        return (time.perf_counter() - began) * 1000


class Page:
    """A page that is edited at its end. Positions count bytes."""

    def __init__(self, client, root, path):
        self.client = client
        self.uri = "file://" + os.path.join(root, path)
        self.version = 1
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        document = {"uri": self.uri, "languageId": "markdown", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        lines = text.split("\n")
        self.line = len(lines) - 1
        self.insert(len(lines[-1].encode()), "\n\n[x](#nowhere)\n[y](a")
        self.line += 2

    def insert(self, column, text, line=None):
        self.version += 1
        position = {"line": self.line if line is None else line, "character": column}
        change = {"range": {"start": position, "end": position}, "text": text}
        identity = {"uri": self.uri, "version": self.version}
        self.client.notify("textDocument/didChange", {"textDocument": identity, "contentChanges": [change]})

    def params(self, line=None, column=0, **more):
        params = {"textDocument": {"uri": self.uri}, **more}
        if line is not None:
            params["position"] = {"line": line, "character": column}
        return params

    def problems_after_a_keystroke(self):
        while not self.client.messages.empty():
            self.client.messages.get()
        began = time.perf_counter()
        self.insert(5, "a")
        self.client.wait(
            lambda message: message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == self.uri
        )
        return (time.perf_counter() - began) * 1000

    def completion_after_a_keystroke(self):
        self.insert(5, "b", self.line + 1)
        return self.client.request("textDocument/completion", self.params(self.line + 1, 5))


def main():
    program, root, path = sys.argv[1], os.path.realpath(sys.argv[2]), sys.argv[3]
    began = time.perf_counter()
    client = Client(program, root)
    capabilities = {
        "general": {"positionEncodings": ["utf-8"]},
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
    }
    client.request("initialize", {"processId": None, "rootUri": "file://" + root, "capabilities": capabilities})
    client.notify("initialized", {})
    page = Page(client, root, path)
    client.request("textDocument/documentSymbol", page.params())
    first = time.perf_counter() - began
    time.sleep(WARM_UP)
    line = page.line
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": line + 1, "character": 0}}
    anchor = page.params(line, 6, context={"includeDeclaration": False})

    def ask(method, params):
        return lambda: client.request(method, params)

    moved = [page.uri, page.uri.rsplit("/", 1)[0] + "/moved-by-a-measurement.md"]

    measures = {
        "problems after a keystroke": page.problems_after_a_keystroke,
        "completion of a link": ask("textDocument/completion", page.params(line + 1, 5)),
        "… right after a keystroke": page.completion_after_a_keystroke,
        "hover": ask("textDocument/hover", page.params(line, 6)),
        "definition": ask("textDocument/definition", page.params(line, 6)),
        "references of an anchor": ask("textDocument/references", anchor),
        "headings of the page": ask("textDocument/documentSymbol", page.params()),
        "folds": ask("textDocument/foldingRange", page.params()),
        "links of the page": ask("textDocument/documentLink", page.params()),
        "titles of all pages": ask("workspace/symbol", {"query": "run"}),
        "edits for a rename of the page": ask(
            "workspace/willRenameFiles", {"files": [{"oldUri": moved[0], "newUri": moved[1]}]}
        ),
        "changes for problems": ask("textDocument/codeAction", page.params(range=whole, context={"diagnostics": []})),
    }
    print("| | median | slowest |\n| --- | --: | --: |")
    for name, measure in measures.items():
        times = []
        for _ in range(ROUNDS):
            # As fast as somebody types.
            time.sleep(0.2 if "keystroke" in name else 0)
            times.append(measure())
        times.sort()
        print(f"| {name} | {times[ROUNDS // 2]:.1f} ms | {times[-1]:.1f} ms |")
    with open(f"/proc/{client.server.pid}/status", encoding="utf-8") as status:
        peak = next(int(row.split()[1]) for row in status if row.startswith("VmHWM"))
    print(f"\nThe first answer came after {first:.1f} s; the server took {peak / 1024:.0f} MiB at most.")
    client.request("shutdown", None)
    client.notify("exit", None)


main()
