// Starts `opsbook lsp` and connects it with Visual Studio Code. No build step.

const { commands, window, workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

/** @type {LanguageClient | undefined} */
let client;

async function start() {
  const settings = workspace.getConfiguration('opsbook');
  const root = settings.get('root');
  const server = { command: settings.get('path'), args: root ? ['lsp', '--root', root] : ['lsp'] };
  client = new LanguageClient('opsbook', 'Opsbook', server, {
    // Data and settings, too: their problems are shown where they are written.
    documentSelector: [
      { scheme: 'file', language: 'markdown' },
      { scheme: 'file', language: 'mdx' },
      { scheme: 'file', language: 'toml', pattern: '**/book.toml' },
      { scheme: 'file', language: 'yaml', pattern: '**/data/**' },
    ],
  });
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`\`${server.command} lsp\` does not start: ${error.message}. Set \`opsbook.path\`.`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

exports.activate = async (context) => {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    commands.registerCommand('opsbook.restart', restart),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('opsbook') && restart()),
  );
  await start();
};

exports.deactivate = stop;
